import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { matches } from '../../src/event-filter.ts';
import { Audience } from '../../src/load/audience.ts';
import { BoxGroup } from '../../src/load/box-group.ts';
import type { Pace } from '../../src/load/pace.ts';
import { runTraffic } from '../../src/load/run.ts';
import { Sender } from '../../src/load/sender.ts';
import { synchronise } from '../../src/load/sync.ts';
import { textOf } from '../../src/text-of.ts';

/** How often the server sends each event to the nth of its clients. */
type Copies = (client: number) => number;

const DEVICES = ['device-0001', 'device-0002'];

/** A server of events in graphql-transport-ws that does exactly what it is told. */
async function startServer(boxPort: number) {
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
  const box = new WebSocket(`ws://127.0.0.1:${boxPort}`);
  let copies: Copies = () => 1;
  box.on('message', (data) => {
    const { identity_id: identityId } = JSON.parse(textOf(data));
    const payload = { data: { recognitionEvents: { identityId } } };
    for (const [index, client] of clients.entries()) {
      for (let copy = 0; copy < copies(index); copy += 1) {
        client.send(JSON.stringify({ id: '1', type: 'next', payload }));
      }
    }
  });
  await once(box, 'open');
  box.send(JSON.stringify({ event_list: DEVICES }));
  return {
    port: (server.address() as AddressInfo).port,
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
  await using group = await BoxGroup.listen({ boxes: 1, devices: 2, pictureBytes: 0 });
  using server = await startServer(group.boxes[0]?.port ?? 0);
  await group.configured(false);
  using audience = await Audience.connect({
    port: server.port,
    subscribers: 3,
    operations: [{ query: 'subscription { recognitionEvents { identityId } }' }],
    expectation: { pictures: undefined, sameBytes: false },
  });
  const sender = new Sender(group, audience.wanting(group.events));
  await synchronise(audience, sender);
  if (copies) server.send(copies);
  return await runTraffic(pace, sender, audience, true);
}

const LOCKSTEP: Pace = { kind: 'lockstep', durationMs: 0, eventsPerBurst: 4 };

describe('a run', () => {
  test.each<[string, Pace, number]>([
    ['in lockstep', LOCKSTEP, 12],
    ['by the clock', { kind: 'steady', events: 5, intervalMs: 2 }, 5],
  ])('%s counts every delivery', async (_, pace, events) => {
    const report = await run(pace);
    expect(report).toMatchObject({ events, deliveries: events * 3 });
    expect(report.loadBusy).toBeGreaterThan(0);
    expect(report.latencyMs?.p50).toBeGreaterThan(0);
  });

  test('that is saturated sends again and again', async () => {
    const { events, deliveries } = await run({ kind: 'saturated', durationMs: 1_000, inFlight: 2 });
    expect(events).toBeGreaterThan(2);
    expect(deliveries).toBe(events * 3);
  });

  test('fails when one subscriber gets an event twice and another misses it', async () => {
    const copies: Copies = (client) => client;
    await expect(run(LOCKSTEP, copies)).rejects.toThrow('subscriber 0 got 0 deliveries of 12');
  });
});

test('a filter wants what passes all its members', () => {
  const event = { deviceId: 'a', personType: 'VIP', groupName: 'g', similarity: 0.5 } as const;
  expect(matches({}, event)).toBe(true);
  expect(matches({ deviceIds: ['a'], personTypes: ['VIP'], minSimilarity: 0.5 }, event)).toBe(true);
  expect(matches({ deviceIds: ['a'], groupNames: [] }, event)).toBe(false);
  expect(matches({ minSimilarity: 0.51 }, event)).toBe(false);
});
