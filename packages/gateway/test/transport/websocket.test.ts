import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/config/limits.ts';
import { ServedGraphQL } from '../support/graphql.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { until } from '../support/until.ts';

const EVENTS = 'subscription { recognitionEvents { identityId } }';

describe('GraphQL over WebSocket', () => {
  let gateway: ServedGraphQL;
  beforeEach(async () => {
    gateway = await ServedGraphQL.start();
  });
  afterEach(() => gateway[Symbol.asyncDispose]());

  it('closes with 4408 a socket that does not begin with connection_init', async () => {
    await using impatient = await ServedGraphQL.start({ initTimeoutMs: 10 });
    await using socket = await RawSocket.open(impatient.webSocketUrl);
    expect(await socket.closeCode).toBe(4408);
  });

  it('closes with 4429 a socket that begins twice', async () => {
    await using socket = await gateway.connect();
    socket.send({ type: 'connection_init' });
    expect(await socket.closeCode).toBe(4429);
  });

  it('closes with 4409 a socket that subscribes twice by one id, and ends what it had', async () => {
    await using socket = await gateway.connect();
    socket.subscribe('1', EVENTS);
    await until(() => gateway.subscribers === 1);
    socket.subscribe('1', EVENTS);
    expect(await socket.closeCode).toBe(4409);
    await until(() => gateway.subscribers === 0);
  });

  it('answers a ping with a pong that has its payload', async () => {
    await using socket = await gateway.connect();
    socket.send({ type: 'ping', payload: { sent: 1 } });
    const pong = await socket.next(({ type }) => type === 'pong');
    expect(pong).toEqual({ type: 'pong', payload: { sent: 1 } });
  });

  it('is not disturbed by a pong that it did not ask for', async () => {
    await using socket = await gateway.connect();
    socket.send({ type: 'pong', payload: {} });
    socket.send({ type: 'ping' });
    expect((await socket.next(({ type }) => type === 'pong')).type).toBe('pong');
  });

  it('answers a query once, and completes it', async () => {
    await using socket = await gateway.connect();
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
    await using socket = await gateway.connect();
    socket.subscribe('1', query);
    const refused = await socket.next(({ id }) => id === '1');
    expect(refused).toMatchObject({ type: 'error', payload: [{ extensions: { code } }] });
    socket.subscribe('1', '{ cursor }');
    expect(await socket.next(({ id }) => id === '1')).toMatchObject({ type: 'next' });
  });

  it('answers what is no cursor with an error of the operation', async () => {
    await using socket = await gateway.connect();
    socket.subscribe('1', 'subscription { recognitionEvents(after: "x") { id } }');
    const { payload } = await socket.next(({ id }) => id === '1');
    expect(payload).toMatchObject({ errors: [{ extensions: { code: 'INVALID_CURSOR' } }] });
  });

  it('sends nothing more of an operation that the client has completed', async () => {
    await using socket = await gateway.connect();
    socket.subscribe('ended', EVENTS);
    socket.subscribe('goes on', EVENTS);
    await until(() => gateway.subscribers === 2);
    socket.send({ type: 'complete', id: 'ended' });
    await until(() => gateway.subscribers === 1);
    await gateway.inside.event();
    expect(await socket.next(({ type }) => type === 'next')).toMatchObject({ id: 'goes on' });
    socket.send({ type: 'ping' });
    await socket.next(({ type }) => type === 'pong');
    expect(socket.received.filter(({ id }) => id === 'ended')).toEqual([]);
  });

  it('completes what ends at our side, behind its events', async () => {
    await using socket = await gateway.connect();
    socket.subscribe('1', EVENTS);
    await until(() => gateway.subscribers === 1);
    await gateway.inside.event();
    await socket.next(({ type }) => type === 'next');
    gateway.inside.fanout[Symbol.dispose]();
    expect(await socket.next(({ id }) => id === '1')).toEqual({ type: 'complete', id: '1' });
  });

  it('gives each operation its own events under its own id, whatever is in the id', async () => {
    const ids = ['1', 'two', '"quoted"', 'ünï\ncode'];
    await using socket = await gateway.connect();
    for (const id of ids) socket.subscribe(id, EVENTS);
    await until(() => gateway.subscribers === ids.length);
    await gateway.inside.event();
    const told = new Set<unknown>();
    for (const _ of ids) told.add((await socket.next(({ type }) => type === 'next')).id);
    expect(told).toEqual(new Set(ids));
  });

  it('refuses one operation more than a socket may have, until one is completed', async () => {
    await using strict = await ServedGraphQL.start({
      limits: { ...DEFAULT_LIMITS, operationsPerSocket: 2 },
    });
    await using socket = await strict.connect();
    for (const id of ['1', '2', '3']) socket.subscribe(id, EVENTS);
    const refused = await socket.next(({ type }) => type === 'error');
    const code = 'TOO_MANY_OPERATIONS';
    expect(refused).toMatchObject({ id: '3', payload: [{ extensions: { code } }] });
    socket.send({ type: 'complete', id: '1' });
    socket.subscribe('4', '{ cursor }');
    expect(await socket.next()).toMatchObject({ id: '4', type: 'next' });
  });

  it('writes the events of a turn to a socket together', async () => {
    await using socket = await gateway.connect();
    socket.subscribe('1', EVENTS);
    socket.subscribe('2', EVENTS);
    await until(() => gateway.subscribers === 2);
    const { writes } = gateway.watchWrites();
    await gateway.inside.events(20);
    for (let read = 0; read < 40; read += 1) await socket.next(({ type }) => type === 'next');
    expect(writes.length).toBeGreaterThan(0);
    // On a busy machine a turn may outlast what an event waits for others.
    expect(writes.length).toBeLessThan(10);
  });
});
