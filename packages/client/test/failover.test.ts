import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Simulator, startSimulator } from '@se5/simulator';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import {
  type Client,
  type ClientState,
  createClient,
  type RecognitionEvent,
  type Stream,
} from '../src/index.ts';
import { answering } from './support/answering.ts';
import { HOUR_MS, NOWHERE, patient, refusalOf, startCluster } from './support/cluster.ts';
import { stateOf, take } from './support/events.ts';
import { listenedTo, startGateway } from './support/gateway.ts';
import { startMuteServer } from './support/mute-server.ts';
import { TcpProxy } from './support/tcp-proxy.ts';
import { TestGateway } from './support/test-gateway.ts';
import { TokenGateway } from './support/token-gateway.ts';

const quick = { random: () => 0, backoffMs: { min: 1, max: 10 } };

const ignore = { next: () => undefined, error: () => undefined };

const startNowhere = async () => ({
  url: NOWHERE,
  [Symbol.asyncDispose]: () => Promise.resolve(),
});

afterEach(() => {
  vi.useRealTimers();
});

/** Every state from now on, in order. */
function statesOf(client: Client): readonly ClientState[] {
  const states: ClientState[] = [];
  client.onState((state) => states.push(state));
  return states;
}

/** The address of each connection that was acknowledged. */
const addressesIn = (states: readonly ClientState[]): readonly string[] =>
  states.flatMap((state) => (state.name === 'live' ? [state.url] : []));

describe('a stream over two paths to the real gateway', () => {
  test('goes on over the other path at once when one is killed, with nothing lost or doubled', async () => {
    await using box = await startSimulator();
    await using gateway = await startGateway(box);
    const killed = await TcpProxy.start(portOf(gateway.url));
    await using other = await TcpProxy.start(portOf(gateway.url));
    const url = [killed.url, other.url] as const;
    await using client = createClient({ url, ...patient });
    await listenedTo(box);
    const { cursor } = await client.query<{ cursor: string }>('{ cursor }');
    const states = statesOf(client);
    const read = idReader(client.recognitionEvents({ after: cursor }));
    emit(box, 100);
    const before = await read(100);
    emit(box, 100);
    await killed[Symbol.asyncDispose]();
    emit(box, 100);
    const after = await read(200);
    expect([...before, ...after]).toEqual(await idsAfter(client, cursor, 300));
    expect(addressesIn(states)).toEqual(url);
  });

  test('brings each event once and in order, however often both are cut', async () => {
    await using box = await startSimulator();
    await using gateway = await startGateway(box);
    await using a = await TcpProxy.start(portOf(gateway.url));
    await using b = await TcpProxy.start(portOf(gateway.url));
    await using client = createClient({ url: [a.url, b.url], ...patient, stableAfterMs: 0 });
    await listenedTo(box);
    const { cursor } = await client.query<{ cursor: string }>('{ cursor }');
    const states = statesOf(client);
    const read = idReader(client.recognitionEvents({ after: cursor }));
    const got: string[] = [];
    for (let round = 0; round < 6; round += 1) {
      emit(box, 50);
      got.push(...(await read(10)));
      a.cut();
      b.cut();
      got.push(...(await read(40)));
    }
    expect(got).toEqual(await idsAfter(client, cursor, 300));
    expect(addressesIn(states).slice(0, 4)).toEqual([a.url, b.url, a.url, b.url]);
  });
});

const portOf = (url: string): number => Number(new URL(url).port);

function emit(box: Simulator, count: number): void {
  for (let n = 0; n < count; n += 1) box.emit();
}

/** Reads the ids of the next so many events. */
function idReader(events: Stream<RecognitionEvent>) {
  const loop = events[Symbol.asyncIterator]();
  return async (count: number): Promise<readonly string[]> => {
    const ids: string[] = [];
    while (ids.length < count) {
      const { done, value } = await loop.next();
      if (done) throw new Error(`the stream has ended after ${ids.length} of ${count} events`);
      ids.push(value.id);
    }
    return ids;
  };
}

/** What the journal has behind the cursor. */
async function idsAfter(client: Client, after: string, first: number): Promise<readonly string[]> {
  const { events } = await client.history({ after, first });
  return events.map(({ id }) => id);
}

describe('a stream whose gateway fails', () => {
  test('resumes at another one at the same cursor, and is told the gaps', async () => {
    await using cluster = await startCluster();
    const { journal, a, b } = cluster;
    await using client = createClient({ url: cluster.url, ...patient });
    const events = client.recognitionEvents({ after: 'c0' })[Symbol.asyncIterator]();
    const cursor = journal.append('one');
    expect((await events.next()).value?.id).toBe('one');
    a.drop();
    const gap = { reason: 'BOX_UNREACHABLE', boxId: 'hq-lobby' };
    journal.append('two', { gapsBefore: [gap] });
    expect((await b.subscribedTo('RecognitionEvents')).variables).toMatchObject({ after: cursor });
    expect((await events.next()).value).toMatchObject({ id: 'two', gapsBefore: [gap] });
    await events.return?.();
  });

  test.for([1012, 1001, 1006, 1011, 4503])(
    'with close code %i goes to the other one',
    async (code) => {
      await using cluster = await startCluster();
      await using client = createClient({ url: cluster.url, ...patient });
      const states = statesOf(client);
      client.recognitionEvents().subscribe(ignore);
      await stateOf(client, 'live');
      if (code === 1006) cluster.a.drop();
      else cluster.a.close(code, 'away');
      await stateOf(client, 'waiting');
      await stateOf(client, 'live');
      expect(addressesIn(states)).toEqual(cluster.url);
      expect(cluster.a.connections).toBe(1);
    },
  );

  test.for([
    ['nobody listens', startNowhere],
    ['a proxy says 502', () => answering(502, '<html>')],
    ['a proxy says 503', () => answering(503, '<html>')],
    ['a proxy says 404', () => answering(404, '<html>')],
    ['a gateway says OVERLOADED', () => answering(503, refusalOf('OVERLOADED'))],
    ['only queries get through', () => answering(200, '{"data":{"__typename":"Query"}}')],
  ] as const)('begins at the other one where %s', async ([_name, start]) => {
    await using a = await start();
    await using b = await TestGateway.start();
    await using client = createClient({ url: [a.url, b.url], ...patient });
    client.recognitionEvents().subscribe(ignore);
    expect(await stateOf(client, 'live')).toMatchObject({ attempt: 1, url: b.url });
  });

  test('begins at the other one where no answer comes in time', async () => {
    await using mute = await startMuteServer();
    await using b = await TestGateway.start();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const connected = mute.connected();
    await using client = createClient({ url: [mute.url, b.url], ...patient, WebSocket });
    client.recognitionEvents().subscribe(ignore);
    await connected;
    vi.advanceTimersByTime(10_000);
    expect(client.state).toMatchObject({ name: 'waiting', reason: { code: 'TIMEOUT' } });
    vi.advanceTimersByTime(1);
    expect(await stateOf(client, 'live')).toMatchObject({ url: b.url });
  });
});

describe('when all addresses fail', () => {
  test('the client waits as it does with one address', async () => {
    await using client = createClient({ url: [NOWHERE, `${NOWHERE}/b`], ...patient });
    const states = statesOf(client);
    const began = Date.now();
    client.recognitionEvents().subscribe(ignore);
    while (states.length < 4) await nextTurn();
    expect(states).toMatchObject([
      { name: 'connecting', attempt: 1 },
      { name: 'waiting', attempt: 1 },
      { name: 'connecting', attempt: 1 },
      { name: 'waiting', attempt: 2 },
    ]);
    const [first, last] = states.filter((state) => state.name === 'waiting');
    expect(first?.retryAt).toBeLessThan(began + HOUR_MS);
    expect(last?.retryAt).toBeGreaterThanOrEqual(began + HOUR_MS);
  });

  test('they are asked round robin', async () => {
    const asked: number[] = [];
    const done = Promise.withResolvers<void>();
    const start = (index: number) =>
      answering(503, '<html>', () => {
        if (asked.at(-1) !== index) asked.push(index);
        if (asked.length === 9) done.resolve();
      });
    await using a = await start(0);
    await using b = await start(1);
    await using c = await start(2);
    const url = [a.url, b.url, c.url] as const;
    await using client = createClient({ url, ...quick, random: () => 0.5 });
    client.recognitionEvents().subscribe(ignore);
    await done.promise;
    expect(asked).toEqual([1, 2, 0, 1, 2, 0, 1, 2, 0]);
  });

  test('right after each acknowledgement, there is no loop without a wait', async () => {
    await using cluster = await startCluster();
    const { a, b } = cluster;
    await using client = createClient({ url: cluster.url, ...patient, stableAfterMs: HOUR_MS });
    client.onState(({ name }) => {
      if (name !== 'live') return;
      a.drop();
      b.drop();
    });
    client.recognitionEvents().subscribe(ignore);
    while (client.state.name !== 'waiting' || client.state.attempt === 1) await nextTurn();
    expect([a.connections, b.connections]).toEqual([1, 1]);
  });

  test('and no gateway is at any of them, the streams end', async () => {
    await using a = await answering(404, '<html>');
    await using b = await answering(200, '<html>');
    await using client = createClient({ url: [a.url, b.url], ...patient });
    await expect(take(client.recognitionEvents(), 1)).rejects.toMatchObject({ code: 'PROTOCOL' });
    expect(client.state.name).toBe('failed');
  });

  test('and a gateway may be at one of them, the client goes on', async () => {
    await using a = await answering(404, '<html>');
    await using client = createClient({ url: [a.url, NOWHERE], ...quick });
    client.recognitionEvents().subscribe(ignore);
    while (client.state.name !== 'waiting' || client.state.attempt < 4) await nextTurn();
    expect(a.requests.length).toBeGreaterThan(2);
  });
});

describe('a refused credential', () => {
  test.for([4401, 4403])('with close code %i goes to no other address', async (code) => {
    await using cluster = await startCluster();
    await using client = createClient({ url: cluster.url, ...patient, token: 'wrong' });
    client.recognitionEvents().subscribe(ignore);
    await stateOf(client, 'live');
    cluster.a.close(code, 'no');
    expect((await stateOf(client, 'failed')).error.code).toBe('UNAUTHENTICATED');
    expect(cluster.b.connections).toBe(0);
  });

  test.for([
    [401, 'UNAUTHENTICATED'],
    [403, 'FORBIDDEN'],
  ] as const)('with status %i goes to no other address', async ([status, code]) => {
    await using a = await answering(status, 'no');
    await using b = await answering(200, '{"data":{"sites":[]}}');
    await using client = createClient({ url: [a.url, b.url], ...patient, token: 'wrong' });
    await expect(client.sites()).rejects.toMatchObject({ code });
    await expect(take(client.recognitionEvents(), 1)).rejects.toMatchObject({ code });
    expect(b.requests).toEqual([]);
  });

  test('is replaced at the same address, and each address gets a token of its own', async () => {
    await using a = await TokenGateway.start();
    await using b = await TokenGateway.start();
    b.tokens.set('token 3', undefined);
    a.tokens.set('token 2', undefined);
    let issued = 0;
    const token = () => {
      issued += 1;
      return `token ${issued}`;
    };
    await using client = createClient({ url: [a.url, b.url], ...quick, token });
    const states = statesOf(client);
    client.recognitionEvents().subscribe(ignore);
    await stateOf(client, 'live');
    a.close(1012, 'Restarting');
    while (addressesIn(states).length < 2) await nextTurn();
    expect(a.seen).toEqual(['connection_init token 1', 'connection_init token 2']);
    expect(b.seen).toEqual(['connection_init token 3']);
  });
});
