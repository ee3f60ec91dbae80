import { expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { Box } from '../../src/box/box.ts';
import type { Clock } from '../../src/clock.ts';
import { toDeviceId } from '../../src/protocol/ids.ts';
import { Recorder } from './recorder.ts';
import { listen } from './web-socket-server.ts';

const devices = [toDeviceId('gate')];

/** Twice the budget of a second. */
const BURST = 200;
const BACKOFF_MS = 60_000;

/** A clock that stands still. Its backoffs end at once, and its shorter waits end by `refill`. */
function heldClock() {
  let instant = 0;
  const refilled = Promise.withResolvers<void>();
  const clock: Clock = {
    now: () => instant,
    elapsed: () => instant,
    boot: undefined,
    sleep: async (ms) => {
      if (ms < BACKOFF_MS / 2) await refilled.promise;
    },
  };
  const refill = () => {
    instant += 10_000;
    refilled.resolve();
  };
  return { clock, refill };
}

/** Sends pings. Those sent on connection reach the box in the same segment as its upgrade's answer. */
const burst = (socket: WebSocket) => {
  for (let sent = 0; sent < BURST; sent += 1) socket.ping('burst');
};

/** Listens like a box, and notes the pongs: a ping that was answered was read. */
async function pingingBox(connected: (socket: WebSocket, connection: number) => void) {
  let connections = 0;
  const pongs: string[] = [];
  const waiting = new Map<() => boolean, () => void>();
  const told = () => {
    for (const [condition, resolve] of waiting) if (condition()) resolve();
  };
  const server = await listen((socket) => {
    connections += 1;
    socket.on('pong', (payload) => {
      pongs.push(String(payload));
      told();
    });
    connected(socket, connections);
  });
  return {
    ...server,
    pongs,
    until(condition: () => boolean): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.set(condition, resolve);
      told();
      return promise;
    },
    /** Settles when a box that reads has answered all pings that were sent before. */
    async answered() {
      // Questions and answers on other connections: whatever was sent before has come by then.
      for (let round = 0; round < 3; round += 1) {
        await (await fetch(`http://${server.host}:${server.eventPort}`)).text();
      }
    },
  };
}

const options = (clock: Clock) => ({
  clock,
  devices,
  maxMessagesPerSecond: BURST / 2,
  backoffMs: { min: BACKOFF_MS, max: BACKOFF_MS },
});

it('rests a connection that spends the budget with the answer to its upgrade', async () => {
  const { clock, refill } = heldClock();
  let socket: WebSocket | undefined;
  await using server = await pingingBox((connected) => {
    socket = connected;
    burst(connected);
  });
  await using box = new Box({ ...server, ...options(clock) }, new Recorder());
  box.start();
  await server.until(() => server.pongs.length === BURST);
  socket?.ping('late');
  await server.answered();
  expect(server.pongs).not.toContain('late');
  refill();
  await server.until(() => server.pongs.includes('late'));
});

it('rests a connection that spends the budget while it takes over from another', async () => {
  const { clock, refill } = heldClock();
  let socket: WebSocket | undefined;
  await using server = await pingingBox((connected, connection) => {
    socket = connected;
    if (connection === 2) burst(connected);
  });
  const seen = new Recorder();
  await using box = new Box({ ...server, ...options(clock), reconfigure: 'reconnect' }, seen);
  box.start();
  await seen.untilLink('LIVE');
  box.setDemand({ live: true, registered: false });
  await server.until(() => server.pongs.length === BURST);
  socket?.ping('late');
  await server.answered();
  expect(server.pongs).not.toContain('late');
  refill();
  await server.until(() => server.pongs.includes('late'));
});

it('rests a new connection while the debt of the one before lasts', async () => {
  const { clock, refill } = heldClock();
  const configured = Promise.withResolvers<WebSocket>();
  await using server = await pingingBox((socket, connection) => {
    if (connection === 1) {
      burst(socket);
      // Ends the connection at once: a connection that rests would not read its end.
      socket.send('x'.repeat(2_000));
    } else socket.on('message', () => configured.resolve(socket));
  });
  const limits = { ...options(clock), maxMessageBytes: 1_000 };
  await using box = new Box({ ...server, ...limits }, new Recorder());
  box.start();
  const socket = await configured.promise;
  socket.ping('late');
  await server.answered();
  expect(server.pongs).not.toContain('late');
  refill();
  await server.until(() => server.pongs.includes('late'));
});
