import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** For all that was sent to arrive, in ms. */
const ARRIVAL_MS = 60_000;

/** In ms. */
export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

/** The events sent since the run began, and those that have arrived, by member. */
export class Tally {
  readonly #counts: Uint32Array;
  #sent = 0;
  #arrived = 0;
  /** By event, since the run began, in ms. */
  #sentAt: number[] = [];
  /** In µs, of each delivery; undefined when nobody asked. */
  #latencies: RecordableHistogram | undefined;
  #waiting: PromiseWithResolvers<boolean> | undefined;
  #failure: Error | undefined;

  constructor(members: number) {
    this.#counts = new Uint32Array(members);
  }

  /** How many deliveries have arrived. */
  get arrived(): number {
    return this.#arrived;
  }

  /** How many events have not reached everybody. */
  get underWay(): number {
    return this.#sent - Math.floor(this.#arrived / this.#counts.length);
  }

  /** From the box's sending to the client's receipt; undefined when not asked for. */
  get latencyMs(): Percentiles | undefined {
    const latencies = this.#latencies;
    if (!latencies) return undefined;
    return { p50: latencies.percentile(50) / 1_000, p99: latencies.percentile(99) / 1_000 };
  }

  /** Begins a run. */
  begin(withLatencies = false): void {
    this.#counts.fill(0);
    this.#sent = 0;
    this.#arrived = 0;
    this.#sentAt = [];
    this.#latencies = withLatencies ? createHistogram() : undefined;
  }

  /** An event leaves the box now, for every member. */
  expect(): void {
    this.#sent += 1;
    if (this.#latencies) this.#sentAt.push(performance.now());
  }

  receive(member: number, deliveries: number): void {
    const before = this.#counts[member] ?? 0;
    this.#counts[member] = before + deliveries;
    this.#arrived += deliveries;
    if (this.#latencies) {
      const now = performance.now();
      // Everybody gets every event, in order: the nth that arrives is the nth that was sent.
      for (const sentAt of this.#sentAt.slice(before, before + deliveries)) {
        this.#latencies.record(Math.max(1, Math.round((now - sentAt) * 1_000)));
      }
    }
    if (this.#isComplete) this.#waiting?.resolve(true);
  }

  /** A member has failed: whoever waits is told, now or later. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#waiting?.reject(this.#failure);
  }

  /** @throws why a member has failed. */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  /** @returns whether all that is due arrived within the time. @throws why a member has failed. */
  async settled(withinMs: number): Promise<boolean> {
    this.check();
    if (this.#isComplete) return true;
    this.#waiting = Promise.withResolvers();
    const impatience = setTimeout(this.#waiting.resolve, withinMs, false);
    try {
      return await this.#waiting.promise;
    } finally {
      clearTimeout(impatience);
      this.#waiting = undefined;
    }
  }

  /** Settles when all that is due has arrived. @throws when it doesn't, or a member has failed. */
  async reach(): Promise<void> {
    if (await this.settled(ARRIVAL_MS)) return;
    const due = this.#sent * this.#counts.length;
    throw new Error(`${this.#arrived} of ${due} deliveries came in ${ARRIVAL_MS} ms`);
  }

  /** @returns which member got an event more than once or not at all; undefined when none did. */
  discrepancy(): string | undefined {
    const member = this.#counts.findIndex((count) => count !== this.#sent);
    if (member === -1) return undefined;
    return `subscriber ${member} got ${this.#counts[member]} deliveries of ${this.#sent}`;
  }

  get #isComplete(): boolean {
    return this.#arrived >= this.#sent * this.#counts.length;
  }
}
