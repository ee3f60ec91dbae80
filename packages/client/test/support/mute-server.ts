import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface MuteServer extends AsyncDisposable {
  readonly url: string;
  /** The next connection. */
  connected(): Promise<void>;
}

/** Takes connections, and never says a word. */
export async function startMuteServer(): Promise<MuteServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connected: async () => void (await once(server, 'connection')),
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
