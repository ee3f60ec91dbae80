import { once } from 'node:events';
import { Socket } from 'node:net';
import { createClient } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { DEFAULT_LIMITS } from '../../src/config/limits.ts';
import { createMemoryJournal } from '../../src/journal/memory-journal.ts';
import { countListeners } from '../support/directory.ts';
import { ServedGraphQL } from '../support/graphql.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { countWrites } from '../support/socket-pair.ts';
import { until } from '../support/until.ts';

const EVENTS =
  'subscription ($after: String) { recognitionEvents(after: $after) { identityId cursor } }';

describe('GraphQL over WebSocket', () => {
  let gateway: ServedGraphQL;
  beforeEach(async () => {
    gateway = await ServedGraphQL.start({ keepAliveMs: 10 });
  });
  afterEach(() => gateway[Symbol.asyncDispose]());

  const connect = (options?: ClientOptions) => RawSocket.open(gateway.webSocketUrl, options);
  const cursorAt = async (identityId: string) => {
    const { position } = await gateway.inside.event({ identityId });
    return gateway.inside.journal.cursorAt(position);
  };

  describe('with the client of graphql-ws', () => {
    const client = () => createClient({ url: gateway.webSocketUrl, webSocketImpl: WebSocket });

    it('answers queries', async () => {
      const graphql = client();
      const { value } = await graphql.iterate({ query: '{ box(id: "a") { name } }' }).next();
      expect(value).toEqual({ data: { box: { name: 'Box a' } } });
      await graphql.dispose();
    });

    it('sends events as they happen, and lets go at once when the client completes', async () => {
      const graphql = client();
      const events = graphql.iterate({
        query: 'subscription { recognitionEvents { identityId } }',
      });
      const first = events.next();
      await until(() => gateway.subscribers === 1);
      await cursorAt('1');
      expect((await first).value).toEqual({ data: { recognitionEvents: { identityId: '1' } } });
      await events.return?.();
      await until(() => gateway.subscribers === 0);
      await graphql.dispose();
    });

    it('carries many subscriptions over one socket', async () => {
      const graphql = client();
      const iterate = (query: string) => graphql.iterate({ query });
      const all = iterate('subscription { recognitionEvents { identityId } }');
      const none = iterate('subscription { recognitionEvents(deviceIds: []) { identityId } }');
      const boxes = iterate('subscription { boxStatus(boxIds: ["b"]) { id } }');
      const [event, nothing, box] = [all.next(), none.next(), boxes.next()];
      expect((await box).value).toEqual({ data: { boxStatus: { id: 'b' } } });
      await until(() => gateway.subscribers === 2);
      await cursorAt('1');
      expect((await event).value).toEqual({ data: { recognitionEvents: { identityId: '1' } } });
      await graphql.dispose();
      await until(() => gateway.subscribers === 0);
      await nothing;
    });
  });

  describe('tells its cursor', () => {
    it('in connection_ack: the newest there is', async () => {
      const cursor = await cursorAt('1');
      await using socket = await connect();
      expect(await socket.initialise()).toEqual({ type: 'connection_ack', payload: { cursor } });
    });

    it('in pings, which move on while the subscription’s filter lets nothing through', async () => {
      await using socket = await connect();
      await socket.initialise();
      socket.subscribe('1', 'subscription { recognitionEvents(deviceIds: []) { id } }');
      await until(() => gateway.subscribers === 1);
      const cursor = await cursorAt('1');
      await socket.next(({ type, payload }) => type === 'ping' && payload?.['cursor'] === cursor);
    });

    it('in no ping before connection_init was accepted', async () => {
      await using socket = await connect();
      await once(socket.socket, 'ping');
      await once(socket.socket, 'ping');
      expect((await socket.initialise()).type).toBe('connection_ack');
    });

    it('in no ping after which a client would miss what its newest subscription is to be told', async () => {
      await using other = createMemoryJournal();
      await using socket = await connect();
      await socket.initialise();
      await socket.next(({ type }) => type === 'ping');
      const after = other.cursorAt(other.newest);
      const query = `subscription { recognitionEvents(deviceIds: [], after: "${after}") { id } }`;
      socket.subscribe('1', query);
      socket.send({ type: 'ping' });
      await socket.next(({ type }) => type === 'pong');
      const before = socket.received.length;
      for (let frames = 0; frames < 3; frames += 1) await once(socket.socket, 'ping');
      expect(socket.received.slice(before)).toEqual([]);
    });

    it('so that a client that goes on from there loses and doubles nothing', async () => {
      let cursor: unknown;
      const seen: unknown[] = [];
      for (let visit = 0; visit < 6; visit += 1) {
        await using socket = await connect();
        const ack = await socket.initialise();
        cursor ??= ack.payload?.['cursor'];
        socket.subscribe('1', EVENTS, { after: cursor });
        await until(() => gateway.subscribers === 1);
        for (let made = 0; made < 5; made += 1) await cursorAt(`${visit * 5 + made}`);
        for (let read = 0; read < 3; read += 1) {
          const { payload } = await socket.next(({ type }) => type === 'next');
          const { identityId, cursor: at } = recognitionIn(payload);
          seen.push(identityId);
          cursor = at;
        }
        socket.socket.terminate();
        await until(() => gateway.subscribers === 0);
      }
      expect(seen).toEqual(seen.map((_, index) => `${index}`));
    });
  });

  describe('asks who connects', () => {
    const TOKEN = 'a-token-of-some-length';
    let guarded: ServedGraphQL;
    beforeEach(async () => {
      guarded = await ServedGraphQL.start({ access: { kind: 'token', token: TOKEN } });
    });
    afterEach(() => guarded[Symbol.asyncDispose]());

    it.each([
      ['as the payload’s token', {}, { token: TOKEN }],
      ['as the payload’s Authorization', {}, { Authorization: `Bearer ${TOKEN}` }],
      ['in the header of the request', { Authorization: `Bearer ${TOKEN}` }, undefined],
    ])('and takes the token %s', async (_, headers, payload) => {
      await using socket = await RawSocket.open(guarded.webSocketUrl, { headers });
      expect(await socket.initialise(payload)).toMatchObject({ type: 'connection_ack' });
    });

    it.each([[undefined], [{ token: 'another' }], [{ token: 1 }]])(
      'and closes with 4403 for %j',
      async (payload) => {
        await using socket = await RawSocket.open(guarded.webSocketUrl);
        socket.send({ type: 'connection_init', payload });
        expect(await socket.closeCode).toBe(4403);
      },
    );

    it('and closes with 4401 one who subscribes before', async () => {
      await using socket = await RawSocket.open(guarded.webSocketUrl);
      socket.subscribe('1', EVENTS);
      expect(await socket.closeCode).toBe(4401);
      expect(guarded.subscribers).toBe(0);
    });
  });

  it.each([
    ['what is no message', 4400, 'hello'],
    ['a message above 1 MiB', 1009, 'x'.repeat(1024 * 1024 + 1)],
  ])('closes a socket that sends %s with %d', async (_, code, message) => {
    await using socket = await connect();
    socket.send(message);
    expect(await socket.closeCode).toBe(code);
  });

  it('closes a socket that does not speak graphql-transport-ws with 4406', async () => {
    await using socket = await RawSocket.open(gateway.webSocketUrl, {}, []);
    expect(await socket.closeCode).toBe(4406);
  });

  it('gives a socket up that answers none of three pings', async () => {
    await using socket = await connect({ autoPong: false });
    await socket.initialise();
    socket.subscribe('1', EVENTS);
    await until(() => gateway.subscribers === 1);
    expect(await socket.closeCode).toBe(1006);
    await until(() => gateway.subscribers === 0);
  });

  describe('keeps to graphql-transport-ws', () => {
    it('closes with 4408 a socket that does not begin with connection_init', async () => {
      await using impatient = await ServedGraphQL.start({ initTimeoutMs: 10 });
      await using socket = await RawSocket.open(impatient.webSocketUrl);
      expect(await socket.closeCode).toBe(4408);
    });

    it('closes with 4429 a socket that begins twice', async () => {
      await using socket = await connect();
      await socket.initialise();
      socket.send({ type: 'connection_init' });
      expect(await socket.closeCode).toBe(4429);
    });

    it('closes with 4409 a socket that subscribes twice by one id, and ends what it had', async () => {
      await using socket = await connect();
      await socket.initialise();
      socket.subscribe('1', EVENTS);
      await until(() => gateway.subscribers === 1);
      socket.subscribe('1', EVENTS);
      expect(await socket.closeCode).toBe(4409);
      await until(() => gateway.subscribers === 0);
    });

    it('answers a ping with a pong that has its payload', async () => {
      await using socket = await connect();
      await socket.initialise();
      socket.send({ type: 'ping', payload: { sent: 1 } });
      const pong = await socket.next(({ type }) => type === 'pong');
      expect(pong).toEqual({ type: 'pong', payload: { sent: 1 } });
    });

    it('takes a pong for what it is', async () => {
      await using socket = await connect();
      await socket.initialise();
      socket.send({ type: 'pong', payload: {} });
      socket.send({ type: 'ping' });
      expect((await socket.next(({ type }) => type === 'pong')).type).toBe('pong');
    });

    it('answers a query once, and completes it', async () => {
      await using socket = await connect();
      await socket.initialise();
      socket.subscribe('q', '{ box(id: "a") { id } }');
      const isMine = ({ id }: { id?: string }) => id === 'q';
      const payload = { data: { box: { id: 'a' } } };
      expect(await socket.next(isMine)).toEqual({ type: 'next', id: 'q', payload });
      expect(await socket.next(isMine)).toEqual({ type: 'complete', id: 'q' });
    });

    it.each([
      ['what is no GraphQL', '{', 'GRAPHQL_PARSE_FAILED'],
      ['what the schema does not have', '{ nobody }', 'GRAPHQL_VALIDATION_FAILED'],
    ])('answers %s with an error, and keeps the socket', async (_, query, code) => {
      await using socket = await connect();
      await socket.initialise();
      socket.subscribe('1', query);
      const refused = await socket.next(({ id }) => id === '1');
      expect(refused).toMatchObject({ type: 'error', payload: [{ extensions: { code } }] });
      socket.subscribe('1', '{ cursor }');
      expect(await socket.next(({ id }) => id === '1')).toMatchObject({ type: 'next' });
    });

    it('answers a cursor that is none with an error of the operation', async () => {
      await using socket = await connect();
      await socket.initialise();
      socket.subscribe('1', EVENTS, { after: 'x' });
      const { payload } = await socket.next(({ id }) => id === '1');
      expect(payload).toMatchObject({ errors: [{ extensions: { code: 'INVALID_CURSOR' } }] });
    });

    it('sends nothing more of an operation that the client has completed', async () => {
      await using socket = await connect();
      await socket.initialise();
      socket.subscribe('ended', EVENTS);
      socket.subscribe('goes on', EVENTS);
      await until(() => gateway.subscribers === 2);
      socket.send({ type: 'complete', id: 'ended' });
      await until(() => gateway.subscribers === 1);
      await cursorAt('1');
      expect(await socket.next(({ type }) => type === 'next')).toMatchObject({ id: 'goes on' });
      socket.send({ type: 'ping' });
      await socket.next(({ type }) => type === 'pong');
      expect(socket.received.filter(({ id }) => id === 'ended')).toEqual([]);
    });

    it('completes what ends at our side, behind its events', async () => {
      await using socket = await connect();
      await socket.initialise();
      socket.subscribe('1', EVENTS);
      await until(() => gateway.subscribers === 1);
      await cursorAt('1');
      await socket.next(({ type }) => type === 'next');
      gateway.inside.fanout[Symbol.dispose]();
      expect(await socket.next(({ id }) => id === '1')).toEqual({ type: 'complete', id: '1' });
    });

    it('gives each operation its own events under its own id, whatever is in the id', async () => {
      const ids = ['1', 'two', '"quoted"', 'ünï\ncode'];
      await using socket = await connect();
      await socket.initialise();
      for (const id of ids) socket.subscribe(id, EVENTS);
      await until(() => gateway.subscribers === ids.length);
      await cursorAt('1');
      const told = new Set<unknown>();
      for (const _ of ids) told.add((await socket.next(({ type }) => type === 'next')).id);
      expect(told).toEqual(new Set(ids));
    });

    it('refuses one operation more than a socket may have, until one is completed', async () => {
      await using strict = await ServedGraphQL.start({
        limits: { ...DEFAULT_LIMITS, operationsPerSocket: 2 },
      });
      await using socket = await RawSocket.open(strict.webSocketUrl);
      await socket.initialise();
      for (const id of ['1', '2', '3']) socket.subscribe(id, EVENTS);
      const refused = await socket.next(({ type }) => type === 'error');
      const code = 'TOO_MANY_OPERATIONS';
      expect(refused).toMatchObject({ id: '3', payload: [{ extensions: { code } }] });
      socket.send({ type: 'complete', id: '1' });
      socket.subscribe('4', '{ cursor }');
      expect(await socket.next()).toMatchObject({ id: '4', type: 'next' });
    });
  });

  it('writes the events of a turn to a socket together', async () => {
    await using socket = await connect();
    await socket.initialise();
    socket.subscribe('1', EVENTS);
    socket.subscribe('2', EVENTS);
    await until(() => gateway.subscribers === 2);
    const [client] = gateway.websocket.sockets;
    const writes: number[] = [];
    if (client?.stream instanceof Socket) countWrites(client.stream, writes);
    await gateway.inside.events(20);
    for (let read = 0; read < 40; read += 1) await socket.next(({ type }) => type === 'next');
    // Pings are shorter. On a busy machine a turn may outlast what an event waits for others.
    expect(writes.filter((bytes) => bytes > 120).length).toBeLessThan(10);
  });

  it('writes nothing behind its close', async () => {
    await using socket = await connect();
    await socket.initialise();
    socket.subscribe('1', EVENTS);
    await until(() => gateway.subscribers === 1);
    const [client] = gateway.websocket.sockets;
    if (!client) throw new Error('there is no socket');
    client.close(4000, 'enough');
    await gateway.inside.events(3);
    expect(await socket.closeCode).toBe(4000);
    expect(socket.received.filter(({ type }) => type === 'next')).toEqual([]);
  });

  it('leaves nothing behind of 1,000 clients that come and go', async () => {
    let listening: ReturnType<typeof countListeners> | undefined;
    await using watched = await ServedGraphQL.start({
      directory: (inside) => {
        listening = countListeners(inside);
        return listening.directory;
      },
    });
    const come = async () => {
      const socket = await RawSocket.open(watched.webSocketUrl);
      await socket.initialise();
      socket.subscribe('1', EVENTS);
      socket.subscribe('2', 'subscription { boxStatus { id } }');
      return socket;
    };
    for (let round = 0; round < 5; round += 1) {
      const sockets = await Promise.all(Array.from({ length: 200 }, come));
      await until(() => watched.subscribers === 200 && listening?.listeners === 400);
      await watched.inside.event();
      for (const [index, { socket }] of sockets.entries()) {
        if (index % 2 === 0) socket.terminate();
        else socket.close();
      }
      await Promise.all(sockets.map(({ closeCode }) => closeCode));
      await until(() => watched.subscribers === 0 && listening?.listeners === 0);
    }
    expect(watched.websocket.sockets.size).toBe(0);
  });

  it('closes its sockets with 1012, and tells no subscription that it is complete', async () => {
    await using socket = await connect();
    await socket.initialise();
    socket.subscribe('1', EVENTS);
    await until(() => gateway.subscribers === 1);
    await gateway.websocket[Symbol.asyncDispose]();
    expect(await socket.closeCode).toBe(1012);
    expect(socket.received.map(({ type }) => type)).not.toContain('complete');
    expect(gateway.subscribers).toBe(0);
  });
});

function recognitionIn(payload: unknown): Record<string, unknown> {
  const { data } = payload as { data?: { recognitionEvents?: Record<string, unknown> } };
  return data?.recognitionEvents ?? {};
}
