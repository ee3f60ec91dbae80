/** Bounds of a delay, in ms. */
export interface BackoffBounds {
  readonly min: number;
  readonly max: number;
}

/**
 * How long to wait after each of a row of failures: full jitter below a ceiling that doubles
 * from `2 * min` up to `max`, and above the floor `min`, so that a box which refuses at once
 * is not hammered, and a thousand boxes that went away together don't come back together.
 */
export class Backoff {
  readonly #bounds: BackoffBounds;
  readonly #random: () => number;
  #failures = 0;

  /** @param random uniform in [0, 1). */
  constructor(bounds: BackoffBounds, random: () => number = Math.random) {
    this.#bounds = bounds;
    this.#random = random;
  }

  /** Failures in a row. */
  get failures(): number {
    return this.#failures;
  }

  /** Counts one more failure, and says how long to wait after it, in ms. */
  failed(): number {
    this.#failures += 1;
    const { min, max } = this.#bounds;
    const ceiling = Math.min(max, min * 2 ** this.#failures);
    return min + this.#random() * (ceiling - min);
  }

  /** Starts a new row. */
  reset(): void {
    this.#failures = 0;
  }
}
