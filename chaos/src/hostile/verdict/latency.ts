import { percentile } from './percentile.ts';

/** How often the quiet time the hostile one may be. */
const MOST_TIMES = 3;

/**
 * Below this nothing counts as late, in ms. Quietly an event takes a few ms, of which three times as
 * much is less than one time slice of a process that shares a core. Of 100 ms nobody at a door
 * or before a wall of pictures takes notice.
 */
const LEAST_BOUND_MS = 100;

/** How long something took at a time; both in ms. */
export interface Timing {
  /** Since the Unix epoch. */
  readonly at: number;
  readonly ms: number;
}

/** A span of a run; ms since the Unix epoch. */
export interface Phase {
  readonly from: number;
  readonly to: number;
}

/** How long something took quietly, and beside the attacks; times in ms. */
export interface Latency {
  readonly name: string;
  readonly samples: { readonly quiet: number; readonly hostile: number };
  readonly quietP99: number;
  readonly hostileP99: number;
  readonly hostileMost: number;
  /** What `hostileP99` may be. */
  readonly bound: number;
}

export function latencyOf(
  name: string,
  timings: readonly Timing[],
  { quiet, hostile }: { readonly quiet: Phase; readonly hostile: Phase },
): Latency {
  const during = ({ from, to }: Phase) =>
    timings.filter(({ at }) => at >= from && at < to).map(({ ms }) => ms);
  const [calm, beset] = [during(quiet), during(hostile)];
  const quietP99 = percentile(calm, 0.99);
  return {
    name,
    samples: { quiet: calm.length, hostile: beset.length },
    quietP99,
    hostileP99: percentile(beset, 0.99),
    hostileMost: percentile(beset, 1),
    bound: Math.max(MOST_TIMES * quietP99, LEAST_BOUND_MS),
  };
}
