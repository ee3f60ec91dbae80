import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/config/limits.ts';
import { countListeners } from '../support/directory.ts';
import { ServedGraphQL } from '../support/graphql.ts';
import { holdAnswer } from '../support/held-answer.ts';
import { published } from '../support/inside.ts';
import type { Message } from '../support/raw-socket.ts';
import { boxId } from '../support/recognitions.ts';
import { until } from '../support/until.ts';

const EVENTS = 'subscription { recognitionEvents { identityId } }';
const PICTURES =
  'subscription { recognitionEvents(withImages: true) { identityId faceImage { base64 } } }';
const BOXES = 'subscription { boxStatus(boxIds: ["a"]) { id } }';
const QUERY = '{ box(id: "a") { id } }';

const isOf =
  (id: string) =>
  (message: Message): boolean =>
    message.id === id;

const identitiesIn = (messages: readonly Message[]): unknown[] =>
  messages
    .filter(({ type }) => type === 'next')
    .map(({ payload }) => JSON.parse(JSON.stringify(payload)).data.recognitionEvents.identityId);

describe('the operations of a WebSocket', () => {
  let gateway: ServedGraphQL;
  beforeEach(async () => {
    gateway = await ServedGraphQL.start();
  });
  afterEach(() => gateway[Symbol.asyncDispose]());

  it('has one subscription after subscribe, complete, subscribe with one id, and none once closed', async () => {
    const socket = await gateway.connect();
    socket.atOnce(() => {
      socket.subscribe('1', EVENTS);
      socket.complete('1');
      socket.subscribe('1', EVENTS);
    });
    await socket.untilHeard();
    expect(gateway.subscribers).toBe(1);
    await gateway.inside.event({ identityId: 'first' });
    await gateway.inside.event({ identityId: 'second' });
    await published();
    await socket.untilHeard();
    expect(identitiesIn(socket.received)).toEqual(['first', 'second']);
    await socket[Symbol.asyncDispose]();
    await until(() => gateway.websocket.sockets.size === 0);
    expect(gateway.subscribers).toBe(0);
  });

  it('leaves nothing behind of 20 sockets that subscribe and complete 500 times without a pause', async () => {
    const sockets = await Promise.all(Array.from({ length: 20 }, () => gateway.connect()));
    for (const socket of sockets) {
      socket.atOnce(() => {
        for (let round = 0; round < 500; round += 1) {
          socket.subscribe('1', PICTURES);
          socket.complete('1');
        }
        socket.subscribe('1', PICTURES);
      });
    }
    await Promise.all(sockets.map((socket) => socket.untilHeard()));
    expect(gateway.subscribers).toBe(20);
    expect(gateway.inside.demand.of(boxId('a')).live).toBe(true);
    for (const { received } of sockets)
      expect(received.map(({ type }) => type)).not.toContain('error');
    await Promise.all(sockets.map((socket) => socket[Symbol.asyncDispose]()));
    await until(() => gateway.websocket.sockets.size === 0);
    expect(gateway.subscribers).toBe(0);
    await until(() => !gateway.inside.demand.of(boxId('a')).live);
  });

  it('holds what the client began and did not complete, whatever it writes at once', async () => {
    let listening: ReturnType<typeof countListeners> | undefined;
    await using watched = await ServedGraphQL.start({
      directory: (inside) => {
        listening = countListeners(inside);
        return listening.directory;
      },
    });
    const listeners = () => listening?.listeners;
    const documents = { events: EVENTS, pictures: PICTURES, boxes: BOXES } as const;
    const id = fc.constantFrom('1', '2', '3');
    const step = fc.oneof(
      {
        arbitrary: fc.record({
          does: fc.constant('subscribe' as const),
          id,
          to: fc.constantFrom('events', 'pictures', 'boxes'),
        }),
        weight: 3,
      },
      { arbitrary: fc.record({ does: fc.constant('complete' as const), id }), weight: 3 },
      { arbitrary: fc.record({ does: fc.constant('ask' as const) }), weight: 1 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.constantFrom('at once', 'terminate', 'close'),
        async (steps, end) => {
          const active = new Map<string, keyof typeof documents>();
          let isRefused = false;
          await using socket = await watched.connect();
          socket.atOnce(() => {
            for (const [index, each] of steps.entries()) {
              if (each.does === 'ask') {
                socket.subscribe(`query ${index}`, QUERY);
              } else if (each.does === 'complete') {
                socket.complete(each.id);
                if (!isRefused) active.delete(each.id);
              } else {
                socket.subscribe(each.id, documents[each.to]);
                isRefused ||= active.has(each.id);
                active.set(each.id, each.to);
              }
            }
            if (end === 'at once') socket.socket.close();
          });
          if (end !== 'at once' && !isRefused) {
            await socket.untilHeard();
            const boxes = [...active].filter(([, to]) => to === 'boxes').length;
            expect(watched.subscribers).toBe(active.size - boxes);
            expect(listeners()).toBe(2 * boxes);
            const before = socket.received.length;
            await watched.inside.event();
            await published();
            await socket.untilHeard();
            // An answer may be behind the pong: queries take turns.
            const told = socket.received
              .slice(before)
              .filter(({ type, id = '' }) => type === 'next' && !id.startsWith('query'));
            expect(told).toHaveLength(active.size - boxes);
            expect(new Set(told.map((message) => message.id))).toEqual(
              new Set([...active].flatMap(([each, to]) => (to === 'boxes' ? [] : each))),
            );
          }
          if (end === 'terminate') socket.socket.terminate();
          if (end === 'close') socket.socket.close();
          const code = await socket.closeCode;
          if (isRefused && end !== 'at once') expect([1005, 1006, 4409]).toContain(code);
          await until(() => watched.websocket.sockets.size === 0);
          expect(watched.subscribers).toBe(0);
          expect(listeners()).toBe(0);
        },
      ),
      { numRuns: 100 },
    );
    await until(() => !watched.inside.demand.of(boxId('a')).live);
  });

  describe('with queries that take their time', () => {
    const SLOW = '{ device(id: "a/gate") { lastEventAt } }';
    /** The answers to `SLOW` wait until this is called. */
    let release: () => void;
    let slow: ServedGraphQL;
    beforeEach(async () => {
      slow = await ServedGraphQL.start({ limits: { ...DEFAULT_LIMITS, operationsPerSocket: 2 } });
      release = holdAnswer(slow.inside);
    });
    afterEach(() => slow[Symbol.asyncDispose]());

    it('sends nothing of a completed query to the next operation with its id', async () => {
      await using socket = await slow.connect();
      socket.subscribe('1', SLOW);
      socket.complete('1');
      socket.subscribe('1', EVENTS);
      await until(() => slow.subscribers === 1);
      release();
      await slow.inside.event({ identityId: 'mine' });
      expect(await socket.next(isOf('1'))).toMatchObject({
        payload: { data: { recognitionEvents: { identityId: 'mine' } } },
      });
      await socket.untilHeard();
      expect(socket.received.filter(isOf('1'))).toHaveLength(1);
      expect(slow.subscribers).toBe(1);
    });

    it('counts a completed query among the operations until it has ended', async () => {
      await using socket = await slow.connect();
      for (const id of ['1', '2']) {
        socket.subscribe(id, SLOW);
        socket.complete(id);
      }
      socket.subscribe('3', QUERY);
      expect(await socket.next(isOf('3'))).toMatchObject({
        type: 'error',
        payload: [{ extensions: { code: 'TOO_MANY_OPERATIONS' } }],
      });
      const { client } = slow.watchWrites();
      expect(client.operations.size).toBe(2);
      release();
      await until(() => client.operations.size === 0);
      socket.subscribe('4', QUERY);
      expect(await socket.next(isOf('4'))).toMatchObject({ type: 'next' });
    });
  });

  it('sends nothing of a completed subscription that still waits for the client', async () => {
    await using socket = await gateway.connect();
    socket.subscribe('1', EVENTS);
    socket.subscribe('other', EVENTS);
    await until(() => gateway.subscribers === 2);
    const { client } = gateway.watchWrites();
    client.outbox.hold();
    await gateway.inside.event({ identityId: 'before' });
    await published();
    socket.atOnce(() => {
      socket.complete('1');
      socket.subscribe('1', EVENTS);
      socket.subscribe('last', EVENTS);
    });
    await until(() => gateway.subscribers === 3);
    await gateway.inside.event({ identityId: 'after' });
    await published();
    client.outbox.resume();
    await socket.untilHeard();
    expect(identitiesIn(socket.received.filter(isOf('1')))).toEqual(['after']);
    expect(identitiesIn(socket.received.filter(isOf('other')))).toEqual(['before', 'after']);
  });

  it('begins nothing for a socket that it has closed', async () => {
    await using socket = await gateway.connect();
    socket.atOnce(() => {
      for (const id of ['1', '1', '2', '3']) socket.subscribe(id, EVENTS);
    });
    expect(await socket.closeCode).toBe(4409);
    expect(gateway.subscribers).toBe(0);
  });
});
