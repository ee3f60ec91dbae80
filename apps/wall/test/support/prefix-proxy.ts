import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface PrefixProxy extends AsyncDisposable {
  /** With the prefix, without a slash at the end. */
  readonly url: string;
}

/** A proxy with the gateway below a path of its own, as a site has it that serves more than this. */
export async function startPrefixProxy(gateway: string, prefix: string): Promise<PrefixProxy> {
  const sockets = new Set<Duplex>();
  const forwarded = ({ url = '/', method, headers }: IncomingMessage) =>
    request(new URL(url.slice(prefix.length), gateway), { method, headers, agent: false });

  const server = createServer((incoming, answer) => {
    if (!incoming.url?.startsWith(`${prefix}/`)) {
      answer.writeHead(404).end();
      return;
    }
    const outgoing = forwarded(incoming).on('response', (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    outgoing.on('error', () => answer.destroy());
    incoming.pipe(outgoing);
  });
  server.on('upgrade', (incoming: IncomingMessage, socket: Socket) => {
    sockets.add(socket);
    const outgoing = forwarded(incoming).on('upgrade', ({ rawHeaders }, upstream) => {
      sockets.add(upstream);
      const fields = rawHeaders.map((text, index) =>
        index % 2 === 0 ? `${text}: ` : `${text}\r\n`,
      );
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${fields.join('')}\r\n`);
      upstream.pipe(socket).pipe(upstream);
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
    });
    outgoing.on('response', () => socket.destroy());
    outgoing.on('error', () => socket.destroy());
    outgoing.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${prefix}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
