import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { type WebSocket, WebSocketServer } from 'ws';

/**
 * A WebSocket server of another kind than the simulator; the same port answers HTTP with 426.
 *
 * @param connected may send at once: that goes out in one write with the answer to the upgrade.
 */
export async function listen(connected: (socket: WebSocket) => void) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('headers', (_headers, { socket }) => socket.cork());
  server.on('connection', (webSocket, { socket }) => {
    connected(webSocket);
    socket.uncork();
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    host: '127.0.0.1',
    eventPort: port,
    apiPort: port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of server.clients) socket.terminate();
      await promisify(server.close.bind(server))();
    },
  };
}
