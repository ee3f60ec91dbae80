import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/config/limits.ts';
import { ServedGraphQL, type ServedGraphQLOptions } from '../support/graphql.ts';
import { until } from '../support/until.ts';

const MIB = 2 ** 20;

/** How many times each answer has the long name. */
const PAGE = 16;

const HISTORY = `{ recognitionEvents(first: ${PAGE}) { edges { node { identityName } } } }`;

/** A gateway whose history is an answer of 16 MiB: more than the network takes unread. */
async function withHistory(options: ServedGraphQLOptions = {}): Promise<ServedGraphQL> {
  const gateway = await ServedGraphQL.start(options);
  const identityName = 'x'.repeat(MIB);
  for (let event = 0; event < PAGE; event += 1) await gateway.inside.event({ identityName });
  return gateway;
}

describe('answers over WebSocket that are not read', () => {
  it('are refused beyond limits.unreadBytes, and counted until they are read', async () => {
    await using gateway = await withHistory({
      limits: { ...DEFAULT_LIMITS, unreadBytes: 24 * MIB },
      slowClients: { softBytes: 100 * MIB, hardBytes: 100 * MIB },
    });
    await using socket = await gateway.connect();
    socket.socket.pause();
    socket.subscribe('1', HISTORY);
    socket.subscribe('2', HISTORY);
    const [client] = gateway.websocket.sockets;
    await until(() => (client?.operations.size ?? 0) === 2 && gateway.graphql.unread.bytes > 0);
    expect(gateway.graphql.unread.bytes).toBeGreaterThan(16 * MIB);
    expect(gateway.graphql.unread.bytes).toBeLessThan(24 * MIB);
    socket.socket.resume();
    const refused = await socket.next(({ type }) => type === 'error');
    expect(JSON.stringify(refused.payload)).toContain('"TOO_MANY_UNREAD_ANSWERS"');
    expect(socket.received.filter(({ type }) => type === 'next')).toHaveLength(1);
    await until(() => gateway.graphql.unread.bytes === 0);
    socket.subscribe('3', HISTORY);
    expect(await socket.next(({ id }) => id === '3')).toMatchObject({ type: 'next' });
  });

  it('are bounded for each address', async () => {
    await using gateway = await withHistory({
      limits: { ...DEFAULT_LIMITS, unreadBytesPerAddress: 24 * MIB },
    });
    const from = (address: string) => ({ headers: { 'X-Forwarded-For': address } });
    await using unread = await gateway.connect(from('192.0.2.1'));
    unread.socket.pause();
    unread.subscribe('1', HISTORY);
    await until(() => gateway.graphql.unread.bytes > 0);
    await using same = await gateway.connect(from('192.0.2.1'));
    same.subscribe('1', HISTORY);
    expect(await same.next()).toMatchObject({ type: 'error' });
    await using other = await gateway.connect(from('192.0.2.2'));
    other.subscribe('1', HISTORY);
    expect(await other.next()).toMatchObject({ type: 'next' });
  });

  it.each([
    ['the client has gone', false],
    ['the operation is completed while its answer waits', true],
  ])('are counted no longer when %s', async (_, isCompleted) => {
    await using gateway = await withHistory({
      slowClients: { softBytes: 100 * MIB, hardBytes: 100 * MIB },
    });
    await using socket = await gateway.connect();
    socket.socket.pause();
    // The stream gets the first answer, and the second waits in the outbox.
    socket.subscribe('1', HISTORY);
    await until(() => gateway.graphql.unread.bytes > 16 * MIB);
    socket.subscribe('2', HISTORY);
    await until(() => gateway.graphql.unread.bytes > 32 * MIB);
    if (isCompleted) socket.complete('2');
    else socket.socket.terminate();
    const left = isCompleted ? 17 * MIB : 1;
    await until(() => gateway.graphql.unread.bytes < left);
  });

  it('are given up when they are not read to their end in time', async () => {
    await using gateway = await withHistory({ slowClients: { answerWithinMs: 100 } });
    await using socket = await gateway.connect();
    socket.socket.pause();
    socket.subscribe('1', HISTORY);
    await until(() => gateway.graphql.unread.bytes > 0);
    await until(() => gateway.graphql.unread.bytes === 0);
    socket.socket.resume();
    expect(await socket.closeCode).not.toBe(1000);
  });

  it('let no further query of their socket begin, until they are read', async () => {
    const ASKED = 10;
    await using gateway = await withHistory({
      limits: { ...DEFAULT_LIMITS, unreadBytes: 10_000 * MIB },
      slowClients: { softBytes: MIB, hardBytes: MIB },
    });
    await using socket = await gateway.connect();
    socket.socket.pause();
    socket.atOnce(() => {
      for (let asked = 0; asked < ASKED; asked += 1) socket.subscribe(`${asked}`, HISTORY);
    });
    const answers = () => gateway.graphql.unread.bytes / (16 * MIB);
    await until(() => answers() > 6);
    for (let turn = 0; turn < 200; turn += 1) await nextTurn();
    expect(Math.floor(answers())).toBe(6);
    const done = () => socket.received.filter(({ type }) => type === 'complete').length;
    socket.socket.resume();
    await until(() => done() === ASKED);
    expect(answers()).toBe(0);
  });
});
