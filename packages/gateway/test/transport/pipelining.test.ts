import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ClientAddresses } from '../../src/transport/client-addresses.ts';
import { startServer } from '../../src/transport/server.ts';

const REQUEST = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}';
const LAST_REQUEST = 'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
const REQUESTS = 20_000;
/** As much as the server reads at once. */
const READ_BYTES = 65_536;

it('reads no more of a connection than two reads while its requests wait for their answers', async () => {
  let waiting = 0;
  let mostWaiting = 0;
  let turn: Promise<void> = Promise.resolve();
  await using server = await startServer({
    listen: { host: '127.0.0.1', port: 0 },
    connections: {
      limits: { connections: 10, connectionsPerAddress: 10 },
      clients: new ClientAddresses([]),
      refused: () => {},
    },
    keepAliveMs: 300_000,
    stalledAfterMs: 300_000,
    upgrade: () => {},
    fault: (error) => {
      throw error;
    },
    request: (request, response) => {
      waiting += 1;
      mostWaiting = Math.max(mostWaiting, waiting);
      response.once('close', () => {
        waiting -= 1;
      });
      request.resume();
      // One in each turn of the event loop: slower than requests come.
      request.once('end', () => {
        turn = turn.then(() => nextTurn()).then(() => void response.end());
      });
    },
  });
  const socket = connect(server.port, '127.0.0.1');
  socket.resume();
  await once(socket, 'connect');
  socket.write(REQUEST.repeat(REQUESTS) + LAST_REQUEST);
  await once(socket, 'close');
  expect(mostWaiting).toBeLessThan(2 * (READ_BYTES / REQUEST.length) + 17);
});
