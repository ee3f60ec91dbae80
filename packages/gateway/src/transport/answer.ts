import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { GatewayErrorCode } from '../errors.ts';

/** A body as GraphQL over HTTP would have it, so that GraphQL clients can read a refusal too. */
export const errorBody = (
  code: GatewayErrorCode,
  message: string,
  extensions: Readonly<Record<string, string | number>> = {},
): string => JSON.stringify({ errors: [{ message, extensions: { code, ...extensions } }] });

/** Answers of the gateway itself are never kept by a cache. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: string,
  headers: OutgoingHttpHeaders = {},
): void {
  send(response, status, 'application/json; charset=utf-8', body, headers);
}

export function sendText(
  response: ServerResponse,
  status: number,
  body: string,
  headers: OutgoingHttpHeaders = {},
): void {
  send(response, status, 'text/plain; charset=utf-8', body, headers);
}

function send(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string,
  headers: OutgoingHttpHeaders,
): void {
  response
    .writeHead(status, {
      'Content-Type': contentType,
      'Content-Length': Buffer.byteLength(body),
      'Cache-Control': 'no-store',
      // The server does not wait for the rest, and a client must not send its next request behind it.
      ...(isUnread(response.req) && { Connection: 'close' }),
      ...headers,
    })
    .end(body);
}

/** Whether the request has a body that has not come to its end. */
const isUnread = ({ complete, headers }: IncomingMessage): boolean =>
  !complete &&
  (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0);
