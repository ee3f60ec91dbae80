import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryJournal } from '../../src/journal/memory-journal.ts';
import { ServedGraphQL } from '../support/graphql.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { recognitionIn } from '../support/reader.ts';
import { until } from '../support/until.ts';

describe('the cursor of a WebSocket', () => {
  let gateway: ServedGraphQL;
  beforeEach(async () => {
    gateway = await ServedGraphQL.start({ keepAliveMs: 10 });
  });
  afterEach(() => gateway[Symbol.asyncDispose]());

  it('comes in connection_ack: that of the newest there is', async () => {
    await gateway.inside.event();
    const { cursor } = gateway.inside;
    await using socket = await RawSocket.open(gateway.webSocketUrl);
    expect(await socket.initialise()).toEqual({ type: 'connection_ack', payload: { cursor } });
  });

  it('comes in pings, and moves on while the subscription’s filter lets nothing through', async () => {
    await using socket = await gateway.connect();
    socket.subscribe('1', 'subscription { recognitionEvents(deviceIds: []) { id } }');
    await until(() => gateway.subscribers === 1);
    await gateway.inside.event();
    const { cursor } = gateway.inside;
    await socket.next(({ type, payload }) => type === 'ping' && payload?.['cursor'] === cursor);
  });

  it('comes in no ping before connection_init was accepted', async () => {
    await using socket = await RawSocket.open(gateway.webSocketUrl);
    await once(socket.socket, 'ping');
    await once(socket.socket, 'ping');
    expect((await socket.initialise()).type).toBe('connection_ack');
  });

  it('comes in no ping after which a client would miss what its newest subscription is to be told', async () => {
    await using other = createMemoryJournal();
    await using socket = await gateway.connect();
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

  it('is one from which a client goes on without losing or doubling anything', async () => {
    const query =
      'subscription ($after: String) { recognitionEvents(after: $after) { identityId cursor } }';
    let cursor: unknown;
    const seen: unknown[] = [];
    for (let visit = 0; visit < 6; visit += 1) {
      await using socket = await RawSocket.open(gateway.webSocketUrl);
      const ack = await socket.initialise();
      cursor ??= ack.payload?.['cursor'];
      socket.subscribe('1', query, { after: cursor });
      await until(() => gateway.subscribers === 1);
      for (let made = 0; made < 5; made += 1) {
        await gateway.inside.event({ identityId: `${visit * 5 + made}` });
      }
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
