import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ServedGraphQL } from '../support/graphql.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { openReader, type Reader, type Transport } from '../support/reader.ts';
import { until } from '../support/until.ts';

const MIB = 2 ** 20;
const TRANSPORTS: readonly Transport[] = ['WebSocket', 'server-sent events'];

const idsOf = ({ events }: Reader) => events.map(({ identityId }) => identityId);
const idsUpTo = (count: number) => Array.from({ length: count }, (_, index) => `${index}`);

describe.each(TRANSPORTS)('a client over %s that does not read', (transport) => {
  it('loses base64 first, is told so, and gets every event in order', async () => {
    const COUNT = 60;
    await using gateway = await ServedGraphQL.start({
      slowClients: { softBytes: MIB, hardBytes: 1_000 * MIB },
    });
    const pictures = gateway.put('face', 'A'.repeat(MIB / 2));
    await using reader = await openReader(
      gateway,
      transport,
      'imagesOmitted faceImage { url base64 }',
    );
    reader.pause();
    for (const identityId of idsUpTo(COUNT)) {
      await gateway.inside.event({ identityId, pictures });
      await nextTurn();
    }
    reader.resume();
    await until(() => reader.events.length === COUNT);
    expect(idsOf(reader)).toEqual(idsUpTo(COUNT));
    const kinds = reader.events.map(({ imagesOmitted, faceImage }) => {
      const { url, base64 } = faceImage as { url: string; base64: string | null };
      expect(url).toMatch('/images/');
      return `${String(imagesOmitted)} ${base64?.length ?? 'null'}`;
    });
    expect(kinds[0]).toBe(`false ${MIB / 2}`);
    expect(kinds.at(-1)).toBe('true null');
    expect(new Set(kinds).size).toBe(2);
  });

  it('is read to from the journal when it reads again, in order, and holds up nobody', async () => {
    const COUNT = 300;
    const identityName = 'x'.repeat(100_000);
    await using gateway = await ServedGraphQL.start({
      slowClients: { softBytes: MIB / 2, hardBytes: MIB },
    });
    await using stuck = await openReader(gateway, transport, 'identityName replayed');
    stuck.pause();
    await using reader = await openReader(gateway, transport, 'identityName replayed');
    for (const identityId of idsUpTo(COUNT)) {
      await gateway.inside.event({ identityId, identityName });
      await nextTurn();
    }
    await until(() => reader.events.length === COUNT);
    for (const { outbox } of gateway.websocket.sockets) {
      expect(outbox.pending).toBeLessThan(MIB + 110_000);
    }
    stuck.resume();
    await until(() => stuck.events.length === COUNT);
    expect(idsOf(stuck)).toEqual(idsUpTo(COUNT));
    expect(stuck.events.at(-1)).toMatchObject({ replayed: true });
    expect(reader.events.at(-1)).toMatchObject({ replayed: false });
    await gateway.inside.event({ identityId: 'live again' });
    await until(() => stuck.events.length > COUNT);
    expect(stuck.events.at(-1)).toMatchObject({ identityId: 'live again', replayed: false });
  });

  it('costs little memory, and the others no time, when there are 200 of them', async () => {
    const COUNT = 100;
    const EVENT_BYTES = 50_000;
    await using gateway = await ServedGraphQL.start({
      slowClients: { softBytes: MIB / 8, hardBytes: MIB / 4 },
    });
    await using readers = new AsyncDisposableStack();
    const open = async () => readers.use(await openReader(gateway, transport, 'identityName'));
    const stuck: Reader[] = [];
    for (let opened = 0; opened < 200; opened += 1) {
      const reader = await open();
      reader.pause();
      stuck.push(reader);
    }
    const reader = await open();
    const before = process.memoryUsage.rss();
    for (const identityId of idsUpTo(COUNT)) {
      await gateway.inside.event({ identityId, identityName: 'x'.repeat(EVENT_BYTES) });
      await nextTurn();
    }
    await until(() => reader.events.length === COUNT);
    expect(idsOf(reader)).toEqual(idsUpTo(COUNT));
    for (const { outbox } of gateway.websocket.sockets) {
      expect(outbox.pending).toBeLessThan(MIB / 4 + 2 * EVENT_BYTES);
    }
    // All they have not read is 1 GB; what they share is held once.
    expect(process.memoryUsage.rss() - before).toBeLessThan(200 * MIB);
    for (const again of stuck.slice(0, 3)) again.resume();
    for (const again of stuck.slice(0, 3)) {
      await until(() => again.events.length === COUNT);
      expect(idsOf(again)).toEqual(idsUpTo(COUNT));
    }
  });

  it('is given up when it has read nothing for too long', async () => {
    await using gateway = await ServedGraphQL.start({ slowClients: { stalledAfterMs: 100 } });
    await using reader = await openReader(gateway, transport, 'identityName');
    reader.pause();
    const identityName = 'x'.repeat(MIB);
    while (gateway.subscribers === 1) {
      await gateway.inside.event({ identityName });
      await nextTurn();
    }
    await until(() => gateway.websocket.sockets.size === 0);
  });
});

describe('a WebSocket whose client does not read', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is closed with 4503, which a client that reads on is told', async () => {
    await using gateway = await ServedGraphQL.start({ slowClients: { stalledAfterMs: 100 } });
    await using socket = await RawSocket.open(gateway.webSocketUrl);
    await socket.initialise();
    socket.subscribe('1', 'subscription { recognitionEvents { identityName } }');
    await until(() => gateway.subscribers === 1);
    socket.socket.pause();
    const isOpen = () => [...gateway.websocket.sockets].some((client) => client.isOpen);
    const identityName = 'x'.repeat(MIB);
    while (isOpen()) {
      await gateway.inside.event({ identityName });
      await nextTurn();
    }
    socket.socket.resume();
    expect(await socket.closeCode).toBe(4503);
  });

  it('is told by a ping only of events that it got before', async () => {
    const KEEP_ALIVE_MS = 100;
    // Pings come when the test says so: a client that does not read answers none, and is given up.
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    await using gateway = await ServedGraphQL.start({
      keepAliveMs: KEEP_ALIVE_MS,
      slowClients: { softBytes: MIB / 2, hardBytes: MIB },
    });
    const ping = () => vi.advanceTimersByTime(1.1 * KEEP_ALIVE_MS);
    await using socket = await RawSocket.open(gateway.webSocketUrl, { autoPong: true });
    await socket.initialise();
    socket.subscribe('1', 'subscription { recognitionEvents { cursor identityName } }');
    await until(() => gateway.subscribers === 1);
    socket.socket.pause();
    const cursors: string[] = [];
    const identityName = 'x'.repeat(100_000);
    for (let made = 0; made < 100; made += 1) {
      const { position } = await gateway.inside.event({ identityName });
      cursors.push(gateway.inside.journal.cursorAt(position));
      await nextTurn();
      const [client] = gateway.websocket.sockets;
      if (made % 10 === 0 && client && client.outbox.pending > 0) ping();
    }
    socket.socket.resume();
    await until(() => socket.received.filter(({ type }) => type === 'next').length === 100);
    ping();
    await socket.next(
      ({ type, payload }) => type === 'ping' && payload?.['cursor'] === cursors[99],
    );
    let events = 0;
    for (const { type, payload } of socket.received) {
      if (type === 'next') events += 1;
      const covered = type === 'ping' ? cursors.indexOf(String(payload?.['cursor'])) + 1 : 0;
      expect(events).toBeGreaterThanOrEqual(covered);
    }
    expect(events).toBe(100);
  });
});

it('a client that asks without reading the answers is heard no further, and leaves nothing behind', async () => {
  await using gateway = await ServedGraphQL.start({
    slowClients: { softBytes: MIB / 4, hardBytes: MIB },
  });
  await using client = await RawSocket.connected(gateway.url);
  const [served] = gateway.websocket.sockets;
  if (!served) throw new Error('nobody is connected');
  client.socket.pause();
  const payload = { text: 'x'.repeat(100_000) };
  const PINGS = 300;
  for (let ping = 0; ping < PINGS; ping += 1) client.send({ type: 'ping', payload });
  await until(() => served.socket.isPaused);
  expect(served.outbox.pending).toBeLessThan(2 * MIB);
  let pongs = 0;
  client.socket.on('message', () => {
    pongs += 1;
  });
  client.socket.resume();
  await until(() => pongs === PINGS);
  expect(served.socket.isPaused).toBe(false);
});
