import type { Clock } from '../clock.ts';

/** So many unreadable messages within `WINDOW_MS` are no accident. */
export const MAX_UNREADABLE = 1_000;

const WINDOW_MS = 10_000;

/**
 * Counts the messages of a box that can't be read. Each costs more than it says, so a box that sends
 * so many of them has to be left for a while.
 */
export class UnreadableLimit {
  readonly #clock: Clock;
  #since = Number.NEGATIVE_INFINITY;
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** One more has come. @returns whether that is one too many; then the count begins anew. */
  isExceeded(): boolean {
    const now = this.#clock.elapsed();
    if (now - this.#since > WINDOW_MS) {
      this.#since = now;
      this.#count = 0;
    }
    this.#count += 1;
    if (this.#count <= MAX_UNREADABLE) return false;
    this.#since = Number.NEGATIVE_INFINITY;
    return true;
  }
}
