import { once } from 'node:events';
import { type RawData, WebSocket } from 'ws';
import type { Target } from '../process-messages.ts';
import type { Tally } from '../tally.ts';
import { codeIn } from './request.ts';

/** A longer message is an event, whose code nobody looks for. */
const READ_BYTES = 4_096;

const OPEN_MS = 20_000;

export interface SocketOptions {
  readonly target: Target;
  readonly address: string | undefined;
  readonly tally: Tally;
  /** Default: that of the target. */
  readonly token?: string;
}

/**
 * A WebSocket of graphql-transport-ws that was let in; undefined when it was not, which is counted.
 * All that is answered on it, and how it is closed by the gateway, is counted.
 */
export async function openSocket({
  target,
  address,
  tally,
  token = target.token,
}: SocketOptions): Promise<WebSocket | undefined> {
  const socket = new WebSocket(`ws://127.0.0.1:${target.port}/graphql`, 'graphql-transport-ws', {
    headers: address === undefined ? {} : { 'x-forwarded-for': address },
    perMessageDeflate: false,
    handshakeTimeout: OPEN_MS,
  });
  const opened = Promise.withResolvers<boolean>();
  socket.on('unexpected-response', (_, response) => {
    tally.got(`${response.statusCode} upgrade refused`);
    response.destroy();
    opened.resolve(false);
  });
  // `close` follows.
  socket.on('error', () => undefined);
  socket.on('close', (code) => {
    if (code !== 1005 && code !== 1006) tally.got(`closed ${code}`);
    else if (!isLeft.has(socket)) tally.got('cut off');
    opened.resolve(false);
  });
  socket.on('open', () => send(socket, { type: 'connection_init', payload: { token } }));
  socket.on('message', (data: RawData) => {
    const type = typeOf(data);
    if (type === 'connection_ack') opened.resolve(true);
    else if (type !== 'pong' && type !== 'ping') tally.got(type);
  });
  if (await opened.promise) return socket;
  leave(socket);
  return undefined;
}

const isLeft = new WeakSet<WebSocket>();

/** Ends it without a closing handshake. */
export function leave(socket: WebSocket): void {
  isLeft.add(socket);
  socket.terminate();
}

export const send = (socket: WebSocket, message: object): void =>
  socket.send(JSON.stringify(message), () => undefined);

/** Settles when it is closed, or when the signal aborts. */
export const closed = (socket: WebSocket, signal: AbortSignal): Promise<unknown> =>
  socket.readyState === WebSocket.CLOSED
    ? Promise.resolve()
    : once(socket, 'close', { signal }).catch(() => undefined);

function typeOf(data: RawData): string {
  if (!Buffer.isBuffer(data)) return 'message';
  const text = data.subarray(0, READ_BYTES).toString('latin1');
  const type = /"type":"([a-z_]+)"/.exec(text)?.[1] ?? 'message';
  return type === 'error' ? codeIn(text) || 'error' : type;
}
