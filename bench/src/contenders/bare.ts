import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { listenToBoxes } from './box-feed.ts';
import { hostContender } from './host.ts';

/**
 * The floor: for each message of a box, the same bytes to every socket, with `ws` and nothing
 * else. What a message says is not looked at.
 */
await hostContender(async (options) => {
  const answer = Buffer.from(options.answer);
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const subscribed = new Set<WebSocket>();
  server.on('connection', (socket) => {
    socket
      .once('message', () => {
        socket.send('{"type":"connection_ack"}');
        socket.once('message', () => subscribed.add(socket));
      })
      .on('error', () => undefined)
      .on('close', () => subscribed.delete(socket));
  });
  await once(server, 'listening');

  await listenToBoxes(options, () => {
    for (const socket of subscribed) socket.send(answer, { binary: false });
  });
  const { port } = server.address() as AddressInfo;
  return { port };
});
