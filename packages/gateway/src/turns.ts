/** How long work may go on in one turn of the event loop, in ms. */
const SLICE_MS = 3;

/**
 * Lets long pieces of work go on together without holding up anything else: in each turn of the
 * event loop they have a slice of time, and one of those that wait for the next turn begins it.
 * Clients take turns: one that has much to do delays itself.
 */
export class Turns {
  readonly #sliceMs: number;
  readonly #now: () => number;
  /** What waits of each client, in the order in which the clients have their turns. */
  readonly #waiting = new Map<object, (() => void)[]>();
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

  /**
   * Resolves in a later turn, after what the same client began to wait for before.
   *
   * @param client Default: all who do not say count as one.
   */
  next(client: object = this): Promise<void> {
    this.#begin();
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(client);
      if (waiting) waiting.push(resolve);
      else this.#waiting.set(client, [resolve]);
    });
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
    const [first] = this.#waiting;
    if (!first) return;
    const [client, waiting] = first;
    const next = waiting.shift();
    this.#waiting.delete(client);
    if (waiting.length > 0) this.#waiting.set(client, waiting);
    this.#begin();
    next?.();
  }
}
