import type { Clock } from '../clock.ts';

export interface ReadLimits {
  /** Messages and control frames. */
  readonly maxMessagesPerSecond: number;
  readonly maxBytesPerSecond: number;
}

/** What a box may say at once after it was quiet, as a part of its budget for a second. */
const BURST_MS = 1_000;

/**
 * What is read of one box in a second, in messages and in bytes. A box that says more waits: its
 * events stay in its own buffers and those of the network, and none is lost.
 */
export class ReadBudget {
  readonly #limits: ReadLimits;
  readonly #clock: Clock;
  /** The instant by which all that was read would have come at the allowed pace. */
  #paidUntil = Number.NEGATIVE_INFINITY;

  constructor(limits: ReadLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** A message was read. @returns whether the box has to wait until the budget is `refilled`. */
  isSpentBy(bytes: number): boolean {
    const { maxMessagesPerSecond, maxBytesPerSecond } = this.#limits;
    const now = this.#clock.elapsed();
    const costMs = Math.max(1_000 / maxMessagesPerSecond, (1_000 * bytes) / maxBytesPerSecond);
    this.#paidUntil = Math.max(this.#paidUntil, now - BURST_MS) + costMs;
    return this.#paidUntil > now;
  }

  /** Resolves when the box may be read again, at once when the signal aborts; never rejects. */
  async refilled(signal: AbortSignal): Promise<void> {
    for (;;) {
      const waitMs = this.#paidUntil - this.#clock.elapsed();
      if (waitMs <= 0 || signal.aborted) return;
      await this.#clock.sleep(waitMs, signal).catch(() => undefined);
    }
  }
}
