import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface UnreadRequest extends Disposable {
  readonly socket: Socket;
  /** Settles when the first bytes of the answer are there; nothing is read after them. */
  readonly answered: Promise<unknown>;
}

/** A client that asks, and reads nothing of the answer but its beginning. */
export async function askWithoutReading(
  url: string,
  { headers = {}, body = '' }: { headers?: Readonly<Record<string, string>>; body?: string } = {},
): Promise<UnreadRequest> {
  const { hostname, port, host, pathname, search } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on('error', () => {});
  await once(socket, 'connect');
  const lines = Object.entries({
    Host: host,
    ...headers,
    ...(body !== '' && { 'Content-Type': 'application/json', 'Content-Length': body.length }),
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  const method = body === '' ? 'GET' : 'POST';
  const answered = once(socket, 'data').then(() => socket.pause());
  socket.write(`${method} ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
  return { socket, answered, [Symbol.dispose]: () => socket.destroy() };
}
