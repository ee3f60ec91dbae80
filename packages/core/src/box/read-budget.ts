import type { Clock } from '../clock.ts';

export interface ReadLimits {
  /** Messages and control frames. */
  readonly maxMessagesPerSecond: number;
  readonly maxBytesPerSecond: number;
}

/** What a box may say at once after it was quiet, as a part of its budget for a second. */
const BURST_MS = 1_000;

/** A connection that can stop reading for a while. */
export interface BudgetedReader {
  /** Reads nothing until `over` settles. */
  rest(over: Promise<void>): void;
}

/**
 * Limits the messages and bytes that are read from one box in a second. A box that sends more
 * waits: its events stay in its own buffers and in those of the network, and none is lost.
 *
 * All connections to the box share the budget. Each connection that reads during a debt rests
 * until the budget is refilled.
 */
export class ReadBudget {
  readonly #limits: ReadLimits;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  /** The instant by which everything read so far would have come at the allowed pace. */
  #paidUntil = Number.NEGATIVE_INFINITY;
  /** Settles when the debt is paid; undefined without a debt. */
  #refilled: Promise<void> | undefined;
  /** The readers that rest until `#refilled` settles. */
  #resting = new WeakSet<BudgetedReader>();

  /** @param signal ends every wait when it aborts. */
  constructor(limits: ReadLimits, clock: Clock, signal: AbortSignal) {
    this.#limits = limits;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** Counts a frame that `reader` has read. The reader rests if the budget is spent. */
  spend(bytes: number, reader: BudgetedReader): void {
    const { maxMessagesPerSecond, maxBytesPerSecond } = this.#limits;
    const now = this.#clock.elapsed();
    const costMs = Math.max(1_000 / maxMessagesPerSecond, (1_000 * bytes) / maxBytesPerSecond);
    this.#paidUntil = Math.max(this.#paidUntil, now - BURST_MS) + costMs;
    if (this.#paidUntil > now) this.#rest(reader);
  }

  /** Takes in a new reader. It rests while a debt of the other readers lasts. */
  admit(reader: BudgetedReader): void {
    if (this.#refilled) this.#rest(reader);
  }

  /** One rest a reader and debt: frames that were read before the rest began call this again. */
  #rest(reader: BudgetedReader): void {
    this.#refilled ??= this.#refill().finally(() => {
      this.#refilled = undefined;
      this.#resting = new WeakSet();
    });
    if (this.#resting.has(reader)) return;
    this.#resting.add(reader);
    reader.rest(this.#refilled);
  }

  /** Resolves when the debt is paid, or when the signal aborts; never rejects. */
  async #refill(): Promise<void> {
    for (;;) {
      const waitMs = this.#paidUntil - this.#clock.elapsed();
      if (waitMs <= 0 || this.#signal.aborted) return;
      await this.#clock.sleep(waitMs, this.#signal).catch(() => undefined);
    }
  }
}
