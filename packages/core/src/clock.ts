import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Where times come from. A duration is the difference of two instants (`elapsed`), never of two
 * wall times: the clock of a machine may be set while something lasts.
 */
export interface Clock {
  /** Wall time in ms since the Unix epoch. It may jump either way: only for what is stored or shown. */
  now(): number;
  /** An instant: ms since some moment of this process, which never go back. For durations and orders. */
  elapsed(): number;
  /** Settles after so many ms of `elapsed`. @throws the abort error of `node:timers` when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, signal && { signal }),
};
