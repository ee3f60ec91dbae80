import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { Contender } from '../contenders/process.ts';
import { Audience } from '../load/audience.ts';
import { Boxes } from '../load/boxes.ts';
import { runTraffic, synchronise } from '../load/traffic.ts';
import { PLAIN } from '../operations.ts';
import { type Bench, count, type Figure } from './figure.ts';
import { atMost, ofGateway, type Row, summarise, takeTurns } from './rounds.ts';

/** What they missed, sent before the server restarts. */
const MISSED = { kind: 'steady', intervalMs: 1, durationMs: 5 } as const;

interface Reading {
  /** Until every client has what it missed, in ms. */
  readonly levelMs: number;
  /** Of the server at its highest, and how much of that each client added; in bytes. */
  readonly peak: number;
  readonly grown: number;
}

export const reconnect: Figure = {
  name: 'reconnect',
  title: 'All clients come back at once after a restart',
  async measure(bench) {
    const clients = bench.plan.scaled(10_000);
    const rounds = await takeTurns(bench, 'reconnect', ['gateway'], () => comeBack(bench, clients));
    const all = `${count(clients)} clients at once`;
    const rows: Row<Reading>[] = [
      { scenario: `${all}: until all are level`, unit: 'ms', of: ({ levelMs }) => levelMs },
      { scenario: `${all}: the server at its largest`, unit: 'bytes', of: ({ peak }) => peak },
      {
        scenario: `${all}: of which more than before`,
        unit: 'bytes each',
        of: ({ grown }) => grown,
        rule: ofGateway(atMost(50_000)),
      },
    ];
    return summarise(reconnect.name, rounds, rows);
  },
};

async function comeBack({ core }: Bench, clients: number): Promise<Reading> {
  using directory = mkdtempDisposableSync(join(tmpdir(), 'se5-bench-'));
  const options = { core, journalPath: join(directory.path, 'journal.db') };
  await using boxes = await Boxes.open();
  const { query, missed } = await missEvents(boxes, options);

  await using server = await Contender.start('gateway', boxes, options);
  const before = await server.usage();
  const start = performance.now();
  using audience = await Audience.connect(server, {
    subscribers: clients,
    operations: [{ ...PLAIN, query }],
    missed,
  });
  await audience.tally.reach();
  const levelMs = performance.now() - start;
  const discrepancy = audience.tally.discrepancy();
  if (discrepancy !== undefined) throw new Error(discrepancy);
  const { peakRss: peak } = await server.usage();
  return { levelMs, peak, grown: (peak - before.peakRss) / clients };
}

const deliverySchema = z.object({
  payload: z.object({ data: z.object({ recognitionEvents: z.object({ cursor: z.string() }) }) }),
});

/** @returns a query that gets so many events from the journal, and none that is live. */
async function missEvents(boxes: Boxes, options: Parameters<typeof Contender.start>[2]) {
  await using server = await Contender.start('gateway', boxes, options);
  using audience = await Audience.connect(server, { subscribers: 1, operations: [PLAIN] });
  await synchronise(audience);
  const { payload } = deliverySchema.parse(JSON.parse(audience.sample));
  const { cursor } = payload.data.recognitionEvents;
  const { events } = await runTraffic(audience, MISSED);
  const query = PLAIN.query.replace(
    'recognitionEvents {',
    `recognitionEvents(after: "${cursor}", filter: { to: "${new Date().toISOString()}" }) {`,
  );
  return { query, missed: events };
}
