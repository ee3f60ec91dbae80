import { PLAIN } from '../operations.ts';
import type { Plan } from '../plan.ts';
import type { Measurement } from '../report/measurement.ts';
import type { Bench, Figure } from './figure.ts';
import { againstBare, atLeast, atMost, ofGateway } from './rounds.ts';
import { CPU_PER_EVENT, sideBySide } from './side-by-side.ts';

export const ingest: Figure = {
  name: 'ingest',
  title: 'From the box to the journal and one subscriber',
  measure: async (bench) => [
    ...(await measurePlain(bench)),
    ...(await measurePictured(bench, 'memory')),
    ...(await measurePictured(bench, 'disk')),
  ],
};

/** @param inFlight is how many events are under way when as many as possible are sent. */
const saturated = ({ windowMs }: Plan, inFlight: number) =>
  ({ kind: 'saturated', durationMs: windowMs, inFlight }) as const;

const measurePlain = (bench: Bench): Promise<Measurement[]> =>
  sideBySide(bench, {
    figure: ingest.name,
    operations: [PLAIN],
    runs: [
      {
        subscribers: 1,
        pace: saturated(bench.plan, 500),
        rows: [
          {
            scenario: 'without pictures, saturated',
            unit: 'events a second',
            of: ({ events, elapsedMs }) => (events * 1_000) / elapsedMs,
            rule: ofGateway(atLeast(10_000)),
          },
        ],
      },
    ],
  });

/** The gateway keeps the pictures of each event; the bare broadcast only reads them. */
function measurePictured(bench: Bench, pictureStore: 'memory' | 'disk'): Promise<Measurement[]> {
  const isMemory = pictureStore === 'memory';
  const row = (pace: string) => ({
    scenario: `three pictures of 60 KB, kept ${isMemory ? 'in memory' : 'on disk'}, ${pace}`,
    ...CPU_PER_EVENT,
    rule: againstBare(isMemory ? atMost(1.5) : undefined),
  });
  // Nobody is busy at this rate: each message comes to a server at rest.
  const apart = { kind: 'steady', intervalMs: 5, durationMs: bench.plan.scaled(3_000) } as const;
  return sideBySide(bench, {
    figure: ingest.name,
    contenders: ['gateway', 'bare'],
    pictureBytes: 60_000,
    capturesAlways: true,
    pictureStore,
    operations: [PLAIN],
    runs: [
      { subscribers: 1, pace: saturated(bench.plan, 20), rows: [row('saturated')] },
      { subscribers: 1, pace: apart, rows: [row('5 ms apart')] },
    ],
  });
}
