import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QUERIES, type QueryKind, spanOf } from '../journal/events.ts';
import type { JournalMethods } from '../journal/host.ts';
import type { Percentiles } from '../load/percentiles.ts';
import { Child } from '../process/child.ts';
import type { Measurement } from '../report/measurement.ts';
import type { Bench, Figure } from './figure.ts';
import { count } from './quantities.ts';
import { atLeast, atMost, ofGateway, type Rounds, summarise, takeTurns } from './rounds.ts';

/** Appends a second while the time to the listener is measured. */
const RATE = 10_000;

/** What is asked of the first page of a query, in ms. */
const PAGE_MS = atMost(20);

interface Reading {
  readonly sustained: number;
  readonly latency: Percentiles;
  /** In ms. */
  readonly pages: Readonly<Record<QueryKind, readonly number[]>>;
}

type Host = Child<JournalMethods>;

export const journal: Figure = {
  name: 'journal',
  title: 'The journal on its file, without boxes and subscribers',
  async measure(bench) {
    using directory = mkdtempDisposableSync(join(tmpdir(), 'se5-bench-'));
    // On any core: its threads are what is measured, and nothing else runs meanwhile.
    await using host: Host = new Child(new URL('../journal/host.ts', import.meta.url), {
      core: undefined,
    });
    const { events } = bench.plan.journal;
    const [base = 0, most = 0] = [events.at(0), events.at(-1)];
    const path = join(directory.path, 'journal.db');
    const file = { path, startAt: Date.now() - spanOf(2 * most) };
    await host.call('open', file);
    await host.call('fill', base);
    const measurements: Measurement[] = [];
    for (const size of events) {
      const isGrown = size > base;
      if (isGrown) await grow(bench, host, file, base, size);
      measurements.push(...(await measureAt(bench, host, size)));
      measurements.push(await measureBytes(host, file, size));
    }
    return measurements;
  },
};

type File = Parameters<JournalMethods['open']>[0];

async function grow(
  { log }: Bench,
  host: Host,
  file: File,
  base: number,
  size: number,
): Promise<void> {
  await host.call('close');
  for (let events = base; events < size; events += base) {
    log(`journal: growing to ${count(events + base)}`);
    await host.call('copy', base);
  }
  await host.call('open', file);
}

async function measureAt(bench: Bench, host: Host, size: number): Promise<Measurement[]> {
  const { turnMs, queries } = bench.plan.journal;
  const query = (kind: QueryKind) => host.call('query', { kind, count: queries });
  const rounds = await takeTurns(
    bench,
    `journal of ${count(size)} events`,
    ['gateway'],
    async (): Promise<Reading> => ({
      sustained: await host.call('sustained', turnMs),
      latency: await host.call('latency', { rate: RATE, turnMs }),
      pages: {
        device: await query('device'),
        identity: await query('identity'),
        'person type and time': await query('person type and time'),
      },
    }),
  );
  return measurementsOf(size, rounds);
}

function measurementsOf(size: number, rounds: Rounds<Reading>): Measurement[] {
  const inFile = `${count(size)} events in the file`;
  const figure = journal.name;
  const latency = `${inFile}, ${count(RATE)} appends a second and queries: append to listener`;
  return [
    summarise(
      {
        figure,
        scenario: `${inFile}, saturated`,
        unit: 'appends a second',
        of: ({ sustained }) => sustained,
        verdicts: [ofGateway(atLeast(10_000))],
      },
      rounds,
    ),
    summarise(
      { figure, scenario: `${latency}, p50`, unit: 'ms', of: ({ latency }) => latency.p50 },
      rounds,
    ),
    summarise(
      {
        figure,
        scenario: `${latency}, p99`,
        unit: 'ms',
        of: ({ latency }) => latency.p99,
        verdicts: [ofGateway(atMost(10))],
      },
      rounds,
    ),
    ...QUERIES.flatMap((kind) => [
      summarise(
        {
          figure,
          scenario: `${inFile}, first page by ${kind}: p50`,
          unit: 'ms',
          of: ({ pages }: Reading) => median(pages[kind]),
          verdicts: [ofGateway<Reading>(PAGE_MS)],
        },
        rounds,
      ),
      summarise(
        {
          figure,
          scenario: `${inFile}, first page by ${kind}: worst`,
          unit: 'ms',
          of: ({ pages }: Reading) => Math.max(...pages[kind]),
          verdicts: [ofGateway<Reading>(PAGE_MS)],
        },
        rounds,
      ),
    ]),
  ];
}

async function measureBytes(host: Host, file: File, size: number): Promise<Measurement> {
  const bytes = await host.call('close');
  await host.call('open', file);
  return summarise(
    {
      figure: journal.name,
      scenario: `${count(size)} events in the file, on disk`,
      unit: 'bytes an event',
      of: (value: number) => value,
    },
    new Map([['gateway', [bytes]]]),
  );
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
