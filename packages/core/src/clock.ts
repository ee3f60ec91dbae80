import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Where times come from. A duration is the difference of two instants (`elapsed`), never of two
 * wall times: the clock of a machine may be set while something lasts.
 */
export interface Clock {
  /** Wall time in ms since the Unix epoch. It may jump either way: only for what is stored or shown. */
  now(): number;
  /**
   * An instant: ms since some moment, which never go back. For durations and orders. All processes
   * that know the same `boot` count from the same moment. It may stand still while the machine is
   * suspended.
   */
  elapsed(): number;
  /** Names the start of the machine; undefined where nothing tells one start from the next. */
  readonly boot: string | undefined;
  /** Settles after so many ms of `elapsed`. @throws the abort error of `node:timers` when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** How long the machine had run when `performance.now()` was 0, in ms. */
const startMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** Linux names each start of the machine; see proc_sys_kernel(5). */
function bootId(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return undefined;
  }
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => startMs + performance.now(),
  boot: bootId(),
  sleep: (ms, signal) => sleep(ms, undefined, signal && { signal }),
};
