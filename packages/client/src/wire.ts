import { ClientError, type GatewayErrorDetail } from './errors.ts';
import {
  type ExecutionResult,
  fieldsOf,
  parseErrors,
  parseExecutionResult,
} from './execution-result.ts';

/** https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md */
export const SUBPROTOCOL = 'graphql-transport-ws';

/** One GraphQL operation. */
export interface GraphQLRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export type ClientMessage =
  | { readonly type: 'connection_init'; readonly payload?: { readonly token: string } }
  | { readonly type: 'subscribe'; readonly id: string; readonly payload: GraphQLRequest }
  | { readonly type: 'complete'; readonly id: string }
  /** With a token: the one that the gateway is to go by from now on. */
  | { readonly type: 'ping'; readonly payload?: { readonly token: string } }
  | { readonly type: 'pong' };

/**
 * What a gateway says. The `cursor` of `connection_ack` and `ping` is the gateway's own: the
 * point up to which this socket has been sent everything. So is `expiresAt`: until when it takes
 * the token, in ms since the Unix epoch; undefined for ever, and in the answer to a plain ping.
 */
export type ServerMessage =
  | {
      readonly type: 'connection_ack';
      readonly cursor: string | undefined;
      readonly expiresAt: number | undefined;
    }
  | { readonly type: 'ping'; readonly cursor: string | undefined }
  | { readonly type: 'pong'; readonly expiresAt: number | undefined }
  | { readonly type: 'next'; readonly id: string; readonly result: ExecutionResult }
  | { readonly type: 'error'; readonly id: string; readonly errors: readonly GatewayErrorDetail[] }
  | { readonly type: 'complete'; readonly id: string };

/**
 * @param data the message as the socket hands it out.
 * @throws {ClientError} PROTOCOL; what the message holds is not in the error.
 */
export function parseServerMessage(data: unknown): ServerMessage {
  let message: unknown;
  try {
    message = typeof data === 'string' ? JSON.parse(data) : undefined;
  } catch (cause) {
    throw new ClientError('PROTOCOL', 'The gateway sent a message that is not JSON.', { cause });
  }
  const parsed = readMessage(message);
  if (parsed !== undefined) return parsed;
  throw new ClientError('PROTOCOL', `The gateway sent a message that is not of ${SUBPROTOCOL}.`);
}

function readMessage(message: unknown): ServerMessage | undefined {
  const { type, id, payload } = fieldsOf(message);
  switch (type) {
    case 'connection_ack':
      return { type, cursor: cursorOf(payload), expiresAt: expiryOf(payload) };
    case 'ping':
      return { type, cursor: cursorOf(payload) };
    case 'pong':
      return { type, expiresAt: expiryOf(payload) };
    case 'next': {
      const result = parseExecutionResult(payload);
      return typeof id === 'string' && result !== undefined ? { type, id, result } : undefined;
    }
    case 'error': {
      const errors = parseErrors(payload);
      return typeof id === 'string' && errors !== undefined ? { type, id, errors } : undefined;
    }
    case 'complete':
      return typeof id === 'string' ? { type, id } : undefined;
    default:
      return undefined;
  }
}

function cursorOf(payload: unknown): string | undefined {
  const { cursor } = fieldsOf(payload);
  return typeof cursor === 'string' ? cursor : undefined;
}

/** In ISO 8601 on the wire. */
function expiryOf(payload: unknown): number | undefined {
  const { expiresAt } = fieldsOf(payload);
  const at = typeof expiresAt === 'string' ? Date.parse(expiresAt) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
