import type { Clock } from '@se5/core';

/** A wall clock that is ahead by no more is believed at once, in ms: time servers correct by seconds. */
const STEP_MS = 60_000;

/** While nobody watched, a clock may have gone on by so much more, in ms. */
const STEP_AT_START_MS = 3_600_000;

/** A larger step is believed once it has lasted so long, in ms. */
const BELIEVED_AFTER_MS = 3_600_000;

/**
 * The wall time by which old data goes.
 *
 * A wall clock that jumps ahead by mistake makes everything look old, and deleted data does not
 * come back. So a step ahead of the monotonic clock is believed only after it has lasted an hour;
 * a step back deletes nothing, and is believed at once.
 */
export class RetentionClock {
  readonly #clock: Clock;
  readonly #distrusted: (aheadMs: number) => void;
  /** Of the wall time that is believed: how far it is ahead of the monotonic clock, in ms. */
  #offset: number;
  #suspect: { readonly offset: number; readonly since: number } | undefined;

  /**
   * @param lastAt Wall time of the newest data, in ms: the time was no earlier when it was stored.
   *   Undefined when there is none.
   * @param distrusted Told once of each step that is not believed yet.
   */
  constructor(clock: Clock, lastAt: number | undefined, distrusted: (aheadMs: number) => void) {
    this.#clock = clock;
    this.#distrusted = distrusted;
    const [now, elapsed] = [clock.now(), clock.elapsed()];
    const isFar = lastAt !== undefined && now - lastAt > STEP_AT_START_MS;
    this.#offset = (isFar ? lastAt : now) - elapsed;
  }

  /** Whole ms since the Unix epoch. */
  now(): number {
    const elapsed = this.#clock.elapsed();
    const offset = this.#clock.now() - elapsed;
    if (offset - this.#offset <= STEP_MS || this.#hasLasted(offset, elapsed)) {
      this.#offset = offset;
      this.#suspect = undefined;
    }
    return Math.round(elapsed + this.#offset);
  }

  #hasLasted(offset: number, elapsed: number): boolean {
    if (!this.#suspect || Math.abs(offset - this.#suspect.offset) > STEP_MS) {
      this.#suspect = { offset, since: elapsed };
      this.#distrusted(offset - this.#offset);
    }
    return elapsed - this.#suspect.since >= BELIEVED_AFTER_MS;
  }
}
