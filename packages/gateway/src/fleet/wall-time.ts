import type { Clock } from '@se5/core';

/** The clocks of a process are read one after the other, and wall time comes in whole ms. */
const READING_ERROR_MS = 2;

/**
 * Brings instants to wall time, and back, as the wall clock stands now. Both ways agree to the ms
 * as long as nobody sets the wall clock.
 */
export class WallTime {
  readonly #clock: Clock;
  #originMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#originMs = clock.now() - clock.elapsed();
  }

  /** The wall time of the instant 0: ms since the Unix epoch. */
  get originMs(): number {
    const originMs = this.#clock.now() - this.#clock.elapsed();
    if (Math.abs(originMs - this.#originMs) > READING_ERROR_MS) this.#originMs = originMs;
    return this.#originMs;
  }

  get now(): number {
    return this.#clock.now();
  }

  /** Whole ms since the Unix epoch. */
  of(instant: number): number {
    return Math.round(instant + this.originMs);
  }

  instantOf(wallTime: number): number {
    return wallTime - this.originMs;
  }
}
