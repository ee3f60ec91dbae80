import { statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type Journal, openJournal } from '@se5/gateway/journal';
import { type Percentiles, percentilesOf } from '../load/percentiles.ts';
import { answerParent } from '../process/answer.ts';
import { eventOf, filterOf, QUERIES, type QueryKind } from './events.ts';
import { appendCopy } from './multiply.ts';

/** Of the query's first page. */
const PAGE = 50;

/** Appends under way while as many as possible are made. */
const IN_FLIGHT = 2_000;

/** Nothing is let go of. */
const CONFIG = { sync: 'normal', keepMs: 1e12, maxBytes: 1e12 } as const;

interface File {
  readonly path: string;
  /** Of the first event. */
  readonly startAt: number;
}

let file: File = { path: '', startAt: 0 };
let opened: Journal | undefined;
let events = 0;

function journal(): Journal {
  if (!opened) throw new Error('no journal is open');
  return opened;
}

const append = () => {
  const event = eventOf(events, file.startAt);
  events += 1;
  return journal().append({ kind: 'event', event });
};

/** The first page, from either end. */
const ask = (kind: QueryKind, nth: number) =>
  journal().history({
    filter: filterOf(kind, nth, { events, startAt: file.startAt }),
    take: { from: nth % 2 === 0 ? 'last' : 'first', count: PAGE },
  });

/** As many as possible, as long as there are more. */
async function saturate(isEnough: () => boolean): Promise<void> {
  const appendOneByOne = async () => {
    while (!isEnough()) await append();
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, appendOneByOne));
}

const methods = {
  async open(given: File): Promise<void> {
    file = given;
    opened = await openJournal(
      { ...CONFIG, path: file.path },
      {
        unavailable: (error) => {
          throw error;
        },
        available: () => undefined,
        setAside: () => undefined,
        exposed: () => undefined,
        // The events are of other times than now; they are kept all the same.
        clockDistrusted: () => undefined,
        listenerFailed: (error) => {
          throw error;
        },
      },
    );
    events = opened.newest;
  },

  /** @returns the size of the file, in bytes for each event. */
  async close(): Promise<number> {
    await opened?.[Symbol.asyncDispose]();
    opened = undefined;
    return statSync(file.path).size / events;
  },

  /** Until there are so many, through the journal like any others. */
  fill: (wanted: number): Promise<void> => saturate(() => events >= wanted),

  /** Behind the end of the closed file, what its first positions hold. */
  copy: (count: number): void => appendCopy(file.path, count),

  /** @returns appends a second when nothing holds them back. */
  async sustained(turnMs: number): Promise<number> {
    const before = events;
    const start = performance.now();
    await saturate(() => performance.now() - start > turnMs);
    return ((events - before) * 1_000) / (performance.now() - start);
  },

  /** From append to listener at so many a second, in ms, while somebody queries all the time. */
  async latency({ rate, turnMs }: { rate: number; turnMs: number }): Promise<Percentiles> {
    const appendedAt: number[] = [];
    const latencies: number[] = [];
    using _listener = journal().onAppend(() => {
      latencies.push(performance.now() - (appendedAt[latencies.length] ?? Number.NaN));
    });
    const start = performance.now();
    const over = new AbortController();
    const querying = (async () => {
      for (let nth = 0; !over.signal.aborted; nth += 1)
        await ask(QUERIES[nth % QUERIES.length] ?? 'device', nth);
    })();
    const appends: Promise<unknown>[] = [];
    while (performance.now() - start < turnMs) {
      const due = ((performance.now() - start) * rate) / 1_000;
      while (appends.length < due) {
        appendedAt.push(performance.now());
        appends.push(append());
      }
      await delay(1);
    }
    await Promise.all(appends);
    over.abort();
    await querying;
    return percentilesOf(latencies);
  },

  /** @returns how long each of so many queries of a kind took, one after the other, in ms. */
  async query({ kind, count }: { kind: QueryKind; count: number }): Promise<number[]> {
    const took: number[] = [];
    for (let nth = 0; nth < count; nth += 1) {
      const start = performance.now();
      await ask(kind, nth);
      took.push(performance.now() - start);
    }
    return took;
  },
};

export type JournalMethods = typeof methods;

answerParent(methods);
