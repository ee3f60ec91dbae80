/** For all that was sent to arrive, once the last has been sent, in ms. */
const ARRIVAL_MS = 60_000;

/** What has arrived since the run began, at whom, and, when that is asked for, how late. */
export class Tally {
  readonly #counts: Uint32Array;
  #total = 0;
  #bytes = 0;
  #awaited = Number.POSITIVE_INFINITY;
  #reached: PromiseWithResolvers<void> | undefined;
  #latencies: number[] | undefined;
  #sentAt: number[] = [];

  constructor(members: number) {
    this.#counts = new Uint32Array(members);
  }

  /** Deliveries so far. */
  get total(): number {
    return this.#total;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** In ms, one for each delivery; undefined when nobody asked. */
  get latencies(): readonly number[] | undefined {
    return this.#latencies;
  }

  /** Deliveries by member. */
  get counts(): Readonly<Uint32Array> {
    return this.#counts;
  }

  begin(withLatencies: boolean): void {
    this.#counts.fill(0);
    this.#total = 0;
    this.#bytes = 0;
    this.#sentAt = [];
    this.#latencies = withLatencies ? [] : undefined;
  }

  /** The next event leaves the box now. */
  sent(): void {
    if (this.#latencies) this.#sentAt.push(performance.now());
  }

  arrived(member: number, deliveries: number, bytes: number): void {
    const before = this.#counts[member] ?? 0;
    this.#counts[member] = before + deliveries;
    this.#total += deliveries;
    this.#bytes += bytes;
    if (this.#latencies) {
      const now = performance.now();
      // Everybody gets every event, in order: the nth that arrives is the nth that was sent.
      for (let event = before; event < before + deliveries; event += 1) {
        this.#latencies.push(now - (this.#sentAt[event] ?? Number.NaN));
      }
    }
    if (this.#total >= this.#awaited) this.#reached?.resolve();
  }

  fail(error: Error): void {
    this.#reached?.reject(error);
  }

  /** Settles when so many deliveries have arrived. @throws when they don't come in time. */
  async reach(total: number, withinMs = ARRIVAL_MS): Promise<void> {
    if (this.#total >= total) return;
    this.#awaited = total;
    this.#reached = Promise.withResolvers();
    const impatience = setTimeout(
      () => this.fail(new Error(`${this.#total} of ${total} deliveries came in ${withinMs} ms`)),
      withinMs,
    );
    try {
      await this.#reached.promise;
    } finally {
      clearTimeout(impatience);
      this.#awaited = Number.POSITIVE_INFINITY;
      this.#reached = undefined;
    }
  }
}
