const MINUTE_MS = 60_000;

/** Clients that are remembered; the one that asked longest ago is forgotten for one more. */
const MAX_CLIENTS = 10_000;

/**
 * Bounds how often each client asks: so many times in a minute, all at once or spread over it.
 *
 * The generic cell rate algorithm (ITU-T I.371): of each client, one time says when all that it has
 * taken is given back. Unlike in a count of each minute, no two bursts may follow one another.
 */
export class RateLimit {
  readonly #intervalMs: number;
  readonly #burstMs: number;
  readonly #now: () => number;
  /** When a client has taken nothing any more, in ms; those that asked longest ago come first. */
  readonly #free = new Map<string, number>();

  /** @param now of elapsed time in ms: setting the wall clock lets nobody ask more often. */
  constructor(perMinute: number, now: () => number = () => performance.now()) {
    this.#intervalMs = MINUTE_MS / perMinute;
    this.#burstMs = MINUTE_MS - this.#intervalMs;
    this.#now = now;
  }

  /** Clients that are remembered. */
  get size(): number {
    return this.#free.size;
  }

  /**
   * Takes one. Undefined when the client may; else in how many ms, at least 1, it may ask again:
   * one that is refused has taken nothing. `undefined` stands for clients that are not counted.
   */
  take(client: string | undefined): number | undefined {
    if (client === undefined) return undefined;
    const now = this.#now();
    const free = Math.max(now, this.#free.get(client) ?? now);
    const waitMs = Math.ceil(free - now - this.#burstMs - TOLERANCE_MS);
    if (waitMs > 0) return waitMs;
    this.#free.delete(client);
    this.#free.set(client, free + this.#intervalMs);
    if (this.#free.size > MAX_CLIENTS) {
      const [oldest] = this.#free.keys();
      if (oldest !== undefined) this.#free.delete(oldest);
    }
    return undefined;
  }
}

/** What sums of fractions are wrong by. */
const TOLERANCE_MS = 1e-3;
