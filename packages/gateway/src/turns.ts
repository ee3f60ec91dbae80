/** How long work may go on in one turn of the event loop, in ms. */
const SLICE_MS = 3;

/**
 * Lets long pieces of work go on together without holding up anything else: in each turn of the
 * event loop they have a slice of time, and one of those that wait for the next turn begins it.
 */
export class Turns {
  readonly #sliceMs: number;
  readonly #now: () => number;
  readonly #waiting: (() => void)[] = [];
  /** When the slice of this turn began; undefined when nothing has asked for it yet. */
  #since: number | undefined;

  /**
   * @param sliceMs Default 3.
   * @param now in ms, and only grows.
   */
  constructor(sliceMs = SLICE_MS, now: () => number = () => performance.now()) {
    this.#sliceMs = sliceMs;
    this.#now = now;
  }

  /** Whether the slice of this turn is used up: then wait for the `next`. */
  get isSpent(): boolean {
    return this.#now() - this.#begin() > this.#sliceMs;
  }

  /** Resolves in a later turn, after those that began to wait before. */
  next(): Promise<void> {
    this.#begin();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #begin(): number {
    if (this.#since === undefined) {
      this.#since = this.#now();
      setImmediate(() => this.#turn());
    }
    return this.#since;
  }

  #turn(): void {
    this.#since = undefined;
    const next = this.#waiting.shift();
    if (!next) return;
    this.#begin();
    next();
  }
}
