import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { judgeOrigin, mayUseCookie } from '../access/origin.ts';
import { type OpenByAddress, TOO_MANY_FROM_ADDRESS } from './addresses.ts';
import { closeWithFault } from './raw-answer.ts';
import { readHead } from './request-head.ts';
import { pathOf, type Routes } from './router.ts';

export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/**
 * Whether a client that offers other protocols is to have one of them: a WebSocket. Any other
 * offer is ignored, and its request is answered by HTTP (RFC 9110, section 7.8).
 */
export const wantsWebSocket = ({ method, httpVersion, headers }: IncomingMessage): boolean =>
  method === 'GET' &&
  httpVersion !== '1.0' &&
  headers.upgrade?.split(',').some((protocol) => protocol.trim().toLowerCase() === 'websocket') ===
    true;

/** Lets WebSockets through to `/graphql`; who may see what is asked of them on the socket. */
export function createUpgradeGuard(
  { policy, refused }: Pick<Routes, 'policy' | 'refused'>,
  accept: UpgradeListener,
): UpgradeListener {
  return (request, socket, head) => {
    const fault = readHead(request);
    if (fault) {
      closeWithFault(socket, fault);
      return;
    }
    const verdict = judgeOrigin(policy, request.headers);
    if (verdict.kind === 'refused') {
      refused(verdict.message);
      const { status, message } = verdict;
      closeWithFault(socket, { status, code: 'FORBIDDEN', message });
    } else if (pathOf(request) !== '/graphql') {
      const message = 'WebSockets are accepted at /graphql.';
      closeWithFault(socket, { status: 404, code: 'NOT_FOUND', message });
    } else {
      // Of what was offered, this is taken.
      request.headers.upgrade = 'websocket';
      if (!mayUseCookie(policy, verdict, request.headers)) delete request.headers.cookie;
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
      const message = TOO_MANY_FROM_ADDRESS;
      closeWithFault(socket, { status: 429, code: 'TOO_MANY_CONNECTIONS', message });
      return;
    }
    socket.once('close', () => place[Symbol.dispose]());
    accept(request, socket, head);
  };
