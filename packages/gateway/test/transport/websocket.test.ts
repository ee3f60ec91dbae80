import { once } from 'node:events';
import { createClient } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { createMemoryJournal } from '../../src/journal/memory-journal.ts';
import { countListeners, directoryWith } from '../support/directory.ts';
import { ServedGraphQL } from '../support/graphql.ts';
import { RawSocket } from '../support/raw-socket.ts';
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

  it('works for a socket only as fast as it reads, and holds up nobody else', async () => {
    const COUNT = 300;
    let executed = 0;
    await using watched = await ServedGraphQL.start({
      directory: (inside) =>
        directoryWith(inside, {
          findDevices: (id) => {
            executed += 1;
            return inside.findDevices(id);
          },
        }),
    });
    const subscribe = async (fields: string) => {
      const socket = await RawSocket.open(watched.webSocketUrl);
      await socket.initialise();
      socket.subscribe(
        '1',
        `subscription { recognitionEvents { identityId identityName ${fields} } }`,
      );
      return socket;
    };
    await using stuck = await subscribe('device { id }');
    await using reader = await subscribe('');
    await until(() => watched.subscribers === 2);
    stuck.socket.pause();
    const identityName = 'x'.repeat(100_000);
    for (let made = 0; made < COUNT; made += 1) {
      await watched.inside.event({ identityName, identityId: `${made}` });
    }
    const last = ({ payload }: { payload?: Record<string, unknown> }) =>
      recognitionIn(payload)['identityId'] === `${COUNT - 1}`;
    await reader.next(last);
    expect(executed).toBeLessThan(COUNT / 2);
    stuck.socket.resume();
    await stuck.next(last);
    expect(executed).toBe(COUNT);
  });

  it('leaves nothing behind of 200 clients that come and go', async () => {
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
    for (let round = 0; round < 4; round += 1) {
      const sockets = await Promise.all(Array.from({ length: 50 }, come));
      await until(() => watched.subscribers === 50 && listening?.listeners === 100);
      await watched.inside.event();
      for (const [index, { socket }] of sockets.entries()) {
        if (index % 2 === 0) socket.terminate();
        else socket.close();
      }
      await Promise.all(sockets.map(({ closeCode }) => closeCode));
      await until(() => watched.subscribers === 0 && listening?.listeners === 0);
    }
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
