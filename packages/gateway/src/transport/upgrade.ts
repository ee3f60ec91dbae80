import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { judgeOrigin } from '../access/origin.ts';
import { type OpenByAddress, TOO_MANY_FROM_ADDRESS } from './addresses.ts';
import { errorBody } from './answer.ts';
import { pathOf, type Routes } from './router.ts';

export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Lets WebSockets through to `/graphql`; who may see what is asked of them on the socket. */
export function createUpgradeGuard(
  { policy, refused }: Pick<Routes, 'policy' | 'refused'>,
  accept: UpgradeListener,
): UpgradeListener {
  return (request, socket, head) => {
    const verdict = judgeOrigin(policy, request.headers);
    if (verdict.kind === 'refused') {
      refused(verdict.message);
      refuseUpgrade(socket, verdict.status, errorBody('FORBIDDEN', verdict.message));
    } else if (pathOf(request) !== '/graphql') {
      refuseUpgrade(
        socket,
        404,
        errorBody('BAD_USER_INPUT', 'WebSockets are accepted at /graphql.'),
      );
    } else {
      accept(request, socket, head);
    }
  };
}

/** Counts a WebSocket for its address from here on until it closes; refuses it when it is one too many. */
export const limitByAddress =
  (addresses: OpenByAddress, accept: UpgradeListener): UpgradeListener =>
  (request, socket, head) => {
    const place = addresses.acquire(request);
    if (!place) {
      refuseUpgrade(socket, 429, errorBody('TOO_MANY_CONNECTIONS', TOO_MANY_FROM_ADDRESS));
      return;
    }
    socket.once('close', () => place[Symbol.dispose]());
    accept(request, socket, head);
  };

/** Answers a request for a WebSocket by HTTP, and closes the connection, whether the client does or not. */
export function refuseUpgrade(socket: Duplex, status: number, body: string): void {
  // Whoever has gone away by now does not need the answer.
  socket.on('error', () => socket.destroy());
  // What is left unread would break off the connection before the client has the answer.
  socket.resume();
  socket.once('finish', () => socket.destroy());
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
