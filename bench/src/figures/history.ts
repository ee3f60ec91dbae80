import { mkdtempDisposableSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { Contender } from '../contenders/process.ts';
import { Audience } from '../load/audience.ts';
import { Boxes } from '../load/boxes.ts';
import { DEVICE, identityOf } from '../load/prepared-event.ts';
import { runTraffic, synchronise } from '../load/traffic.ts';
import { PLAIN } from '../operations.ts';
import { type Statistic, statisticOf } from '../report/measurement.ts';
import { type Bench, count, type Figure } from './figure.ts';
import { atMost, ofGateway, type Row, summarise, takeTurns } from './rounds.ts';

const BOXES = 10;

/** While the journal fills: events under way, and how long until it is looked how full it is. */
const FILLING = { kind: 'saturated', inFlight: 500, durationMs: 1_000 } as const;

/** Of each kind, in each round. */
const QUERIES = 40;

/** Filters that an event passes, by its number and its time. */
const FILTERS = {
  device: (nth: number) => ({ deviceIds: [`box-${1 + (nth % BOXES)}/${DEVICE}`] }),
  identity: (nth: number) => ({ identityIds: [identityOf(nth)] }),
  time: (_nth: number, at: number) => ({ from: new Date(at - 1_000), to: new Date(at + 1_000) }),
};

type Kind = keyof typeof FILTERS;

/** How long the queries of each kind took, in ms. */
type Reading = Readonly<Record<Kind, Statistic>>;

export const history: Figure = {
  name: 'history',
  title: 'The first page of a query, and the size of the journal',
  async measure(bench) {
    using directory = mkdtempDisposableSync(join(tmpdir(), 'se5-bench-'));
    const journalPath = join(directory.path, 'journal.db');
    const wanted = bench.plan.scaled(1_000_000);
    const about = `${count(wanted)} events in the journal`;
    const { rounds, events } = await measurePages(bench, journalPath, wanted);
    // The gateway has stopped, so the file is complete.
    const size = new Map([['gateway', [statSync(journalPath).size / events]]] as const);
    const pages = (['device', 'identity', 'time'] as const).flatMap((kind) => rowsOf(kind, about));
    return [
      ...summarise(history.name, rounds, pages),
      ...summarise(history.name, size, [
        { scenario: `${about}, on disk`, unit: 'bytes an event', of: (bytes) => bytes },
      ]),
    ];
  },
};

const rowsOf = (kind: Kind, about: string): Row<Reading>[] => {
  const row = (label: string, of: 'median' | 'max') => ({
    scenario: `${about}, first page by ${kind}: ${label}`,
    unit: 'ms',
    of: (reading: Reading) => reading[kind][of],
    rule: ofGateway(atMost(20)),
  });
  return [row('p50', 'median'), row('worst', 'max')];
};

async function measurePages(bench: Bench, journalPath: string, wanted: number) {
  await using boxes = await Boxes.open({ boxes: BOXES });
  await using server = await Contender.start('gateway', boxes, { core: bench.core, journalPath });
  const from = Date.now();
  {
    using audience = await Audience.connect(server, { subscribers: 1, operations: [PLAIN] });
    await synchronise(audience);
    while (boxes.sent < wanted) await runTraffic(audience, FILLING);
  }
  const events = boxes.sent;
  const tookMs = Date.now() - from;
  const ask = async (kind: Kind) => {
    const took: number[] = [];
    for (let query = 0; query < QUERIES; query += 1) {
      // All over the journal, from either end in turns.
      const share = (query * 0.618) % 1;
      const filter = FILTERS[kind](Math.floor(events * share), from + tookMs * share);
      const start = performance.now();
      await firstPage(server, filter, query % 2 === 0 ? 'last' : 'first');
      took.push(performance.now() - start);
    }
    return statisticOf(took);
  };
  const rounds = await takeTurns(bench, history.name, ['gateway'], async () => ({
    device: await ask('device'),
    identity: await ask('identity'),
    time: await ask('time'),
  }));
  return { rounds, events };
}

const pageSchema = z.strictObject({
  data: z.object({ recognitionEvents: z.object({ edges: z.array(z.unknown()).min(1) }) }),
});

async function firstPage({ port }: Contender, filter: unknown, end: 'first' | 'last') {
  const query = `query($filter: RecognitionEventFilter) {
    recognitionEvents(filter: $filter, ${end}: 50) {
      edges { node { id occurredAt personType identityId identityName similarity device { id name } } }
    }
  }`;
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { filter } }),
  });
  pageSchema.parse(await response.json());
}
