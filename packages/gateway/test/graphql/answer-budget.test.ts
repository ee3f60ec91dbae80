import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OPEN_VIEWER } from '../../src/access/roles.ts';
import { DEFAULT_LIMITS } from '../../src/config/limits.ts';
import { AnswerBudget } from '../../src/graphql/answer-budget.ts';
import { textOf, withText } from '../../src/graphql/answer-text.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { Turns } from '../../src/turns.ts';
import { directoryWith } from '../support/directory.ts';
import { InsideGraphQL, ServedGraphQL } from '../support/graphql.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { boxDevice, boxId } from '../support/recognitions.ts';
import { Results } from '../support/results.ts';
import { until } from '../support/until.ts';

const DEVICES = '{ devices { id name site { name } box { name link { state } } } }';

const listDevices = ({ inside }: InsideGraphQL, count: number): void =>
  inside.directory.list(
    boxId('a'),
    Array.from({ length: count }, (_, n) => boxDevice(`device-${n}`)),
  );

/** Counts of the journal end when the test says so, or when they are aborted. */
function holdCounts(journal: Journal) {
  const held: {
    readonly signal: AbortSignal | undefined;
    readonly end: (count: number) => void;
  }[] = [];
  vi.spyOn(journal, 'count').mockImplementation((_filter, signal) => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    signal?.addEventListener('abort', () => reject(signal.reason));
    held.push({ signal, end: resolve });
    return promise;
  });
  return held;
}

const COUNT = '{ recognitionEvents(first: 0) { totalCount } }';

describe('a long list', () => {
  it('is completed with pauses in which others have their turns', async () => {
    let completed = 0;
    await using gateway = new InsideGraphQL({
      directory: (inside) =>
        directoryWith(inside, {
          status: (id) => {
            completed += 1;
            return inside.status(id);
          },
        }),
    });
    listDevices(gateway, 20_000);
    const seen: number[] = [];
    const turn = (): void => {
      seen.push(completed);
      if (completed < 20_001) setImmediate(turn);
    };
    setImmediate(turn);
    const { data, errors } = await gateway.ask(DEVICES);
    expect(errors).toBeUndefined();
    expect(data?.['devices']).toHaveLength(20_001);
    expect(seen.some((count) => count > 0 && count < 20_001)).toBe(true);
  });

  it('pauses as soon as its turn is spent, short lists of one answer together too', async () => {
    let now = 0;
    const turns = new Turns(5, () => now);
    using budget = new AnswerBudget(DEFAULT_LIMITS, turns, undefined);
    const short = Array.from({ length: 60 }, (_, n) => n);
    expect(budget.list(short, true)).toBe(short);
    const paced = budget.list(short, true);
    if (Array.isArray(paced)) throw new TypeError('the list is not paced');
    let paused = 0;
    const taken: number[] = [];
    const turn = (): void => {
      paused += 1;
      setImmediate(turn).unref();
    };
    setImmediate(turn).unref();
    for await (const item of paced as AsyncIterable<number>) {
      taken.push(item);
      now += 1;
    }
    expect(taken).toEqual(short);
    expect(paused).toBeGreaterThanOrEqual(9);
  });

  it.each([
    ['flat', true],
    ['nested', false],
  ])('of %s items is completed no further when nobody waits for the answer', async (_, isFlat) => {
    const client = new AbortController();
    using budget = new AnswerBudget(DEFAULT_LIMITS, new Turns(), client.signal);
    const given = Array.from({ length: 1_000 }, (_, n) => n);
    const items = budget.list(given, isFlat);
    const completed: number[] = [];
    const complete = (item: number): void => {
      completed.push(item);
      if (completed.length === 10) client.abort();
    };
    if (Symbol.asyncIterator in items) {
      await expect(async () => {
        for await (const item of items) complete(item);
      }).rejects.toThrow('aborted');
    } else {
      const all = items.map((item) => Promise.resolve(item).then(complete));
      await expect(Promise.all(all)).rejects.toThrow('aborted');
    }
    // The next item may be on its way.
    expect([10, 11]).toContain(completed.length);
  });

  it('of one client does not wait for all those that another client asks for', async () => {
    await using gateway = new InsideGraphQL();
    listDevices(gateway, 3_000);
    const { pipeline, connect } = gateway.graphql;
    const order: string[] = [];
    const ask = async (name: string, client: object) => {
      const args = pipeline.prepare({ query: DEVICES }, connect(OPEN_VIEWER), new Results());
      if ('errors' in args) throw new TypeError('the query is refused');
      await pipeline.execute(args, undefined, client);
      order.push(name);
    };
    const flood = {};
    await Promise.all([
      ...Array.from({ length: 20 }, () => ask('flood', flood)),
      ask('honest', {}),
    ]);
    expect(order.indexOf('honest')).toBeLessThan(10);
  });

  it('within another ends with the answer, whatever ends that', async () => {
    await using gateway = new InsideGraphQL();
    listDevices(gateway, 300);
    const nested = 'devices { site { devices { box { id } } } }';
    const { pipeline, connect } = gateway.graphql;
    const ask = (query: string, client?: AbortSignal) => {
      const args = pipeline.prepare({ query }, connect(OPEN_VIEWER), new Results());
      if ('errors' in args) throw new TypeError('the query is refused');
      return pipeline.execute(args, client);
    };
    const failing = `{ recognitionEvents(after: "nonsense") { totalCount } ${nested} }`;
    expect(await ask(failing)).toMatchObject({
      errors: [{ extensions: { code: 'INVALID_CURSOR' } }],
    });
    // The client leaves while some of the inner lists are begun. A rejection that nobody handles
    // fails the run.
    for (let turns = 1; turns <= 8; turns += 1) {
      const client = new AbortController();
      const answer = ask(`{ ${nested} }`, client.signal);
      for (let turn = 0; turn < turns; turn += 1) await nextTurn();
      client.abort();
      expect(await answer).toEqual({});
      for (let turn = 0; turn < 30; turn += 1) await nextTurn();
    }
  });
});

describe('an answer', () => {
  it('beyond its bytes is refused as a whole', async () => {
    const limits = { ...DEFAULT_LIMITS, answerBytes: 2_000 };
    await using gateway = new InsideGraphQL({ limits });
    expect((await gateway.ask('{ devices { id } }')).errors).toBeUndefined();
    listDevices(gateway, 100);
    expect(await gateway.ask('{ devices { id } }')).toEqual({
      errors: [
        {
          message: expect.stringMatching(/more than 2000 bytes.*limits\.answerBytes/),
          extensions: { code: 'ANSWER_TOO_LARGE' },
        },
      ],
    });
  });

  it('counts what a field holds as often as it is asked for', async () => {
    const limits = { ...DEFAULT_LIMITS, answerBytes: 50_000 };
    await using gateway = new InsideGraphQL({ limits });
    await gateway.inside.event({ extra: { note: 'é'.repeat(10_000) } });
    const ask = (fields: string) =>
      gateway.ask(`{ recognitionEvents { edges { node { ${fields} } } } }`);
    expect((await ask('extra again: extra')).errors).toBeUndefined();
    expect(await ask('extra again: extra more: extra')).toMatchObject({
      errors: [{ extensions: { code: 'ANSWER_TOO_LARGE' } }],
    });
  });

  it('may have as many bytes more as its pictures', async () => {
    const limits = { ...DEFAULT_LIMITS, answerBytes: 200 };
    await using gateway = new InsideGraphQL({ limits });
    await gateway.inside.event({ pictures: gateway.put('face', 'A'.repeat(10_000)) });
    const query = '{ recognitionEvents { edges { node { faceImage { base64 } } } } }';
    expect((await gateway.ask(query)).errors).toBeUndefined();
  });

  it('has the JSON that it would have at once', async () => {
    const list = Array.from({ length: 3_000 }, (_, n) => ({ n, text: 'é"\n', none: undefined }));
    const data = { list, empty: [], nothing: {}, null: null, when: new Date(0), deep: [[list]] };
    const { signal } = new AbortController();
    const answer = await withText({ data }, 2 ** 24, new Turns(), signal);
    expect(textOf(answer)).toBe(JSON.stringify({ data }));
  });
});

describe('a query whose answer takes its time', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('ends with a code, and what it waits for is told', async () => {
    const limits = { ...DEFAULT_LIMITS, answerTimeMs: 10_000 };
    await using gateway = new InsideGraphQL({ limits });
    const held = holdCounts(gateway.inside.journal);
    const asked = gateway.ask(COUNT);
    await until(() => held.length === 1);
    vi.advanceTimersByTime(10_000);
    expect(await asked).toEqual({
      errors: [
        {
          message: expect.stringMatching(/longer than 10000 ms \(limits\.answerTime\)/),
          extensions: { code: 'ANSWER_TIMEOUT' },
        },
      ],
    });
    expect(held[0]?.signal?.aborted).toBe(true);
  });
});

describe('totalCount', () => {
  it('is counted once for all fields of a document with the same filter', async () => {
    await using gateway = new InsideGraphQL();
    await gateway.inside.events(3);
    const count = vi.spyOn(gateway.inside.journal, 'count');
    const { data } = await gateway.ask(
      `{ a: recognitionEvents(first: 1) { totalCount n: totalCount }
         b: recognitionEvents(last: 1) { totalCount }
         c: recognitionEvents(filter: { boxIds: ["b"] }) { totalCount } }`,
    );
    expect(data).toEqual({
      a: { totalCount: 3, n: 3 },
      b: { totalCount: 3 },
      c: { totalCount: 0 },
    });
    expect(count).toHaveBeenCalledTimes(2);
  });

  it('is given up when the client of a WebSocket completes it, or goes', async () => {
    await using gateway = await ServedGraphQL.start();
    const held = holdCounts(gateway.inside.journal);
    await using socket = await RawSocket.connected(gateway.webSocketUrl);
    socket.subscribe('1', COUNT);
    socket.subscribe('2', COUNT);
    await until(() => held.length === 2);
    socket.complete('1');
    await until(() => held[0]?.signal?.aborted === true);
    expect(held[1]?.signal?.aborted).toBe(false);
    socket.socket.terminate();
    await until(() => held[1]?.signal?.aborted === true);
  });

  it('is given up when the client of an HTTP request goes', async () => {
    await using gateway = await ServedGraphQL.start();
    const held = holdCounts(gateway.inside.journal);
    const client = new AbortController();
    const asked = fetch(gateway.url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ query: COUNT }),
      signal: client.signal,
    }).catch(() => undefined);
    await until(() => held.length === 1);
    client.abort();
    await asked;
    await until(() => held[0]?.signal?.aborted === true);
  });
});
