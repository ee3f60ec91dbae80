import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { listenToBoxes } from './box-feed.ts';
import { hostContender } from './host.ts';

/**
 * The floor: for each message of a box, the same bytes to every socket, with `ws` and nothing
 * else. What a message says is not looked at.
 */
hostContender(async (options) => {
  const answer = Buffer.from(options.answer);
  const server = createServer();
  const webSockets = new WebSocketServer({ server });
  const subscribed = new Set<WebSocket>();
  webSockets.on('connection', (socket) => {
    socket
      .once('message', () => {
        socket.send('{"type":"connection_ack"}');
        socket.once('message', () => subscribed.add(socket));
      })
      .on('error', () => undefined)
      .on('close', () => subscribed.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  let messages = 0;
  await listenToBoxes(options, () => {
    messages += 1;
    for (const socket of subscribed) socket.send(answer, { binary: false });
  });
  const { port } = server.address() as AddressInfo;
  return { port, messages: () => messages };
});
