import type { ServerResponse } from 'node:http';
import type { GatewayErrorCode } from '../errors.ts';
import { errorBody, sendJson } from './answer.ts';

/** Why a request is not answered as it asks, by HTTP. */
export interface HttpFault {
  readonly status: number;
  readonly code: GatewayErrorCode;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string | number>>;
}

export const badRequest = (message: string): HttpFault => ({
  status: 400,
  code: 'BAD_REQUEST',
  message,
});

export const sendFault = (
  response: ServerResponse,
  { status, code, message, headers }: HttpFault,
): void => sendJson(response, status, errorBody(code, message), headers);
