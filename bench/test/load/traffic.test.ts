import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { Audience } from '../../src/load/audience.ts';
import { Boxes } from '../../src/load/boxes.ts';
import { DEVICE } from '../../src/load/prepared-event.ts';
import { type Pace, runTraffic, synchronise } from '../../src/load/traffic.ts';
import { PLAIN } from '../../src/operations.ts';

/** How often the server sends each event to the nth of its clients. */
type Copies = (client: number) => number;

/** A server of events in graphql-transport-ws that does exactly what it is told. */
async function startServer(boxes: Boxes) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const clients: WebSocket[] = [];
  server.on('connection', (socket) => {
    socket.once('message', () => {
      socket.send('{"type":"connection_ack"}');
      socket.once('message', () => clients.push(socket));
    });
    socket.on('error', () => undefined);
  });
  const box = new WebSocket(`ws://127.0.0.1:${boxes.ports[0]?.eventPort}`);
  let copies: Copies = () => 1;
  box.on('message', (data) => {
    if (!Buffer.isBuffer(data)) throw new TypeError('a message came in several pieces');
    const { identity_id: identityId } = JSON.parse(data.toString());
    const payload = { data: { recognitionEvents: { identityId } } };
    for (const [index, client] of clients.entries()) {
      for (let copy = 0; copy < copies(index); copy += 1) {
        client.send(JSON.stringify({ id: '1', type: 'next', payload }));
      }
    }
  });
  await once(box, 'open');
  box.send(JSON.stringify({ event_list: [DEVICE] }));
  return {
    port: (server.address() as AddressInfo).port,
    boxes,
    asksAlways: false,
    isBare: false,
    /** From now on. */
    send(newCopies: Copies) {
      copies = newCopies;
    },
    [Symbol.dispose]() {
      box.terminate();
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}

async function run(pace: Pace, copies?: Copies) {
  await using boxes = await Boxes.open();
  using server = await startServer(boxes);
  await boxes.configured(false);
  using audience = await Audience.connect(server, { subscribers: 3, operations: [PLAIN] });
  await synchronise(audience);
  if (copies) server.send(copies);
  return await runTraffic(audience, pace);
}

const LOCKSTEP: Pace = { kind: 'lockstep', durationMs: 0, eventsPerBurst: 4 };

describe('a run', () => {
  test('in lockstep counts every delivery', async () => {
    const report = await run(LOCKSTEP);
    expect(report).toMatchObject({ events: 12, deliveries: 36, latencyMs: undefined });
    expect(report.loadBusy).toBeGreaterThan(0);
  });

  test('by the clock counts every delivery, and measures its latency', async () => {
    const report = await run({ kind: 'steady', durationMs: 10, intervalMs: 2 });
    expect(report).toMatchObject({ events: 5, deliveries: 15 });
    expect(report.latencyMs?.p50).toBeGreaterThan(0);
  });

  test('that is saturated sends again and again', async () => {
    const { events, deliveries } = await run({ kind: 'saturated', durationMs: 1_000, inFlight: 2 });
    expect(events).toBeGreaterThan(2);
    expect(deliveries).toBe(events * 3);
  });

  test('fails when one subscriber gets an event twice and another misses it', async () => {
    await expect(run(LOCKSTEP, (client) => client)).rejects.toThrow(
      'subscriber 0 got 0 deliveries of 12',
    );
  });
});
