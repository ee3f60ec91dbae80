import type { Clock } from '@se5/core';

/** The wall clock is read in whole ms. */
const GRAIN_MS = 1;

/** Other work may take the processor in the middle of a look at the clocks: the best of so many counts. */
const LOOKS = 5;

/** What one look at both clocks says of the wall time of the instant 0. */
interface Origin {
  readonly earliestMs: number;
  readonly latestMs: number;
}

/**
 * Brings instants to wall time, and back, as the wall clock stands now. Both ways agree to the ms
 * as long as nobody sets the wall clock: what two looks at the clocks differ by may also be the
 * time that the process had to wait between one clock and the other.
 */
export class WallTime {
  readonly #clock: Clock;
  #origin: Origin;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#origin = this.#lookWell();
  }

  /** The wall time of the instant 0: ms since the Unix epoch. */
  get originMs(): number {
    const { earliestMs, latestMs } = this.#look();
    const agrees = earliestMs <= this.#origin.latestMs && latestMs >= this.#origin.earliestMs;
    if (!agrees) this.#origin = this.#lookWell();
    return this.#origin.earliestMs;
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

  /** The wall clock is read between two instants: it stood so at one of them, or between. */
  #look(): Origin {
    const before = this.#clock.elapsed();
    const now = this.#clock.now();
    const after = this.#clock.elapsed();
    return { earliestMs: now - after, latestMs: now + GRAIN_MS - before };
  }

  #lookWell(): Origin {
    return Array.from({ length: LOOKS }, () => this.#look()).reduce((best, next) =>
      widthMs(next) < widthMs(best) ? next : best,
    );
  }
}

const widthMs = ({ earliestMs, latestMs }: Origin): number => latestMs - earliestMs;
