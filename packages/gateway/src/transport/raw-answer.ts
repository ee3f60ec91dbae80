import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { errorBody } from './answer.ts';
import type { HttpFault } from './http-fault.ts';

/**
 * Answers by HTTP on a connection for which Node has no response: one that was to be upgraded, or
 * that sent no readable request. Closes it then, whether the client does or not.
 */
export function closeWithFault(
  socket: Duplex,
  { status, code, message, headers = {} }: HttpFault,
): void {
  const body = errorBody(code, message);
  const head: NonNullable<HttpFault['headers']> = {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    Date: new Date().toUTCString(),
    Connection: 'close',
    ...headers,
  };
  // A client that has gone away by now does not need the answer.
  socket.on('error', () => socket.destroy());
  // Bytes that are left unread would break off the connection before the client has the answer.
  socket.resume();
  socket.once('finish', () => socket.destroy());
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      ...Object.entries(head).map(([name, value]) => `${name}: ${value}`),
      '',
      body,
    ].join('\r\n'),
  );
}
