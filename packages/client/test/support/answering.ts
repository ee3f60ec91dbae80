import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AnsweringServer extends AsyncDisposable {
  readonly url: string;
  /** Method of each request; a WebSocket handshake is a GET. */
  readonly requests: readonly string[];
}

/** A server that gives every request the same answer, and refuses every WebSocket with it. */
export async function answering(
  status: number,
  body: string,
  heard: () => void = () => undefined,
): Promise<AnsweringServer> {
  const requests: string[] = [];
  const server = createServer(({ method = '' }, response) => {
    requests.push(method);
    heard();
    response.writeHead(status).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
