import { PICTURED, PLAIN } from '../operations.ts';
import { type Bench, count, type Figure } from './figure.ts';
import { againstBare, atMost, type Row } from './rounds.ts';
import { type Reading, type Run, type Scene, sideBySide } from './side-by-side.ts';

interface Audience {
  readonly subscribers: number;
  /** Events a second, and for how long, in ms. */
  readonly rate: number;
  readonly durationMs: number;
  /** In so many ms more is sent than fits on the way to a stalled subscriber. */
  readonly stalledMs: number;
}

export const latency: Figure = {
  name: 'latency',
  title: 'From the box to the client',
  measure: async (bench) => [
    ...(await sideBySide(bench, {
      ...about(bench, '20 events a second', {
        subscribers: 1_000,
        rate: 20,
        durationMs: 3_000,
        stalledMs: 3_000,
      }),
      operations: [PLAIN],
    })),
    ...(await sideBySide(bench, {
      ...about(bench, '5 a second, three pictures of 30 KB', {
        subscribers: 100,
        rate: 5,
        durationMs: 4_000,
        stalledMs: 1_500,
      }),
      pictureBytes: 30_000,
      operations: [PICTURED],
    })),
  ],
};

function about(
  { plan: { scaled } }: Bench,
  what: string,
  { rate, ...full }: Audience,
): Pick<Scene, 'figure' | 'runs'> {
  const subscribers = scaled(full.subscribers);
  const run = (condition = ''): Run => ({
    subscribers,
    pace: { kind: 'steady', intervalMs: 1_000 / rate, durationMs: scaled(full.durationMs) },
    rows: rowsOf(`${count(subscribers)} subscribers, ${what}${condition}`),
  });
  const stalled = {
    ...run(', one stalled'),
    stalledMs: scaled(full.stalledMs),
    // Yoga does not survive a stalled subscriber: its repeaters take 1,024 events for one, and what
    // they throw then ends the process.
    contenders: ['gateway', 'bare'] as const,
  };
  return { figure: latency.name, runs: [run(), stalled] };
}

const rowsOf = (scenario: string): Row<Reading>[] => [
  {
    scenario: `${scenario}: p50`,
    unit: 'ms',
    of: ({ latencyMs }) => latencyMs?.p50 ?? Number.NaN,
    rule: againstBare(),
  },
  {
    scenario: `${scenario}: p99`,
    unit: 'ms',
    of: ({ latencyMs }) => latencyMs?.p99 ?? Number.NaN,
    rule: againstBare(atMost(1.2)),
  },
];
