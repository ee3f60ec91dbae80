import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { Box } from '../../src/box/box.ts';
import { toDeviceId } from '../../src/protocol/ids.ts';
import { Recorder } from './recorder.ts';

it('is live when the box has read its configuration, not when that was sent', async () => {
  await using stack = new AsyncDisposableStack();
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, autoPong: false });
  stack.defer(() => server.close());
  await once(server, 'listening');
  const { port: eventPort } = server.address() as AddressInfo;
  const asked = Promise.withResolvers<WebSocket>();
  server.on('connection', (socket) => {
    socket.once('message', () => socket.once('ping', () => asked.resolve(socket)));
  });
  const seen = new Recorder();
  const devices = [toDeviceId('gate')];
  const box = stack.use(new Box({ host: '127.0.0.1', eventPort, devices }, seen));
  box.start();
  const socket = await asked.promise;
  expect(seen.path).toBe('CONNECTING');
  socket.pong();
  await seen.untilLink('LIVE');
});
