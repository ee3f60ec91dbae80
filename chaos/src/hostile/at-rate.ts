import { setTimeout as sleep } from 'node:timers/promises';

const TICK_MS = 10;

/** What a process that was not run for a while makes up for, in ticks: no burst beyond that. */
const MOST_TICKS = 5;

export interface Rate {
  readonly perSecond: number;
  /** In all. */
  readonly most: number;
  readonly signal: AbortSignal;
}

/**
 * Acts so often a second, in small bursts, until it has done so `most` times, the signal aborts or
 * `act` returns false; once at least. An attacker that took a whole core would measure the machine,
 * not the gateway.
 */
export async function atRate(
  { perSecond, most, signal }: Rate,
  act: (index: number) => unknown,
): Promise<void> {
  let done = 0;
  let last = performance.now();
  let owed = 1;
  do {
    for (; owed >= 1 && done < most; owed -= 1, done += 1) if (act(done) === false) return;
    await pause(TICK_MS, signal);
    const now = performance.now();
    owed += (Math.min(now - last, MOST_TICKS * TICK_MS) * perSecond) / 1_000;
    last = now;
  } while (done < most && !signal.aborted);
}

/** Settles after so many ms, or when the signal aborts. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);
