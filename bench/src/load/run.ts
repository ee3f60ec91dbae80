import { performance } from 'node:perf_hooks';
import type { Audience } from './audience.ts';
import type { Pace } from './pace.ts';
import { type Percentiles, percentilesOf } from './percentiles.ts';
import type { Sender } from './sender.ts';
import { sendTraffic } from './traffic.ts';

/** What one run came to, as the load has seen it. Every expected delivery has arrived. */
export interface RunReport {
  readonly events: number;
  readonly deliveries: number;
  /** Read from all sockets, frame headers included. */
  readonly bytes: number;
  /** From the first event's leaving to the last delivery's arrival, in ms. */
  readonly elapsedMs: number;
  /** The share of the time in which the load's event loop was busy, 0 to 1. */
  readonly loadBusy: number;
  /** In ms from the box's sending to the client's receipt; undefined when not asked for. */
  readonly latencyMs: Percentiles | undefined;
}

/** @throws when a subscriber got more or less than what was sent, or something else. */
export async function runTraffic(
  pace: Pace,
  sender: Sender,
  audience: Audience,
  withLatencies: boolean,
): Promise<RunReport> {
  audience.check();
  audience.tally.begin(withLatencies);
  sender.begin();
  const busyBefore = performance.eventLoopUtilization();
  const start = performance.now();
  await sendTraffic(pace, sender, audience);
  const elapsedMs = performance.now() - start;
  const { utilization } = performance.eventLoopUtilization(busyBefore);

  audience.check();
  const { total, bytes, counts, latencies } = audience.tally;
  for (const [member, count] of counts.entries()) {
    const expected = sender.expectedOf(member);
    if (count === expected) continue;
    throw new Error(`subscriber ${member} got ${count} deliveries of ${expected}`);
  }
  return {
    events: sender.events,
    deliveries: total,
    bytes,
    elapsedMs,
    loadBusy: utilization,
    latencyMs: latencies && percentilesOf(latencies),
  };
}
