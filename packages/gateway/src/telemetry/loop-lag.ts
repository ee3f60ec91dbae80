/** Between looks, in ms. */
const LOOK_MS = 100;

/** The largest lag is remembered for this to twice as long, in ms: longer than between scrapes. */
const WINDOW_MS = 30_000;

export interface LoopLagOptions {
  /** A larger lag is told, in ms. */
  readonly warnAboveMs: number;
  /** Told of a lag above `warnAboveMs`, once it is over; in ms. */
  readonly exceeded: (lagMs: number) => void;
  /** In ms, and only grows. Default `performance.now`. */
  readonly now?: () => number;
}

/** Watches how late the event loop is: for so long nobody was served, whatever it was that took so long. */
export class LoopLag implements Disposable {
  readonly #warnAboveMs: number;
  readonly #exceeded: (lagMs: number) => void;
  readonly #now: () => number;
  readonly #timer: NodeJS.Timeout;
  #lookedAt: number;
  #windowSince: number;
  #largest = 0;
  #largestBefore = 0;

  constructor({ warnAboveMs, exceeded, now = () => performance.now() }: LoopLagOptions) {
    this.#warnAboveMs = warnAboveMs;
    this.#exceeded = exceeded;
    this.#now = now;
    this.#lookedAt = now();
    this.#windowSince = this.#lookedAt;
    this.#timer = setInterval(() => this.look(), LOOK_MS).unref();
  }

  /** The largest lag of the last 30 to 60 s, in ms. */
  get largestMs(): number {
    return Math.max(this.#largest, this.#largestBefore);
  }

  /** Called each 100 ms, or as late as the loop is. */
  look(): void {
    const now = this.#now();
    const lagMs = Math.max(0, now - this.#lookedAt - LOOK_MS);
    this.#lookedAt = now;
    if (now - this.#windowSince >= WINDOW_MS) {
      this.#windowSince = now;
      this.#largestBefore = this.#largest;
      this.#largest = 0;
    }
    this.#largest = Math.max(this.#largest, lagMs);
    if (lagMs > this.#warnAboveMs) this.#exceeded(lagMs);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
