/** So many events tell the clock of a box that is not known: the promptest of them is prompt. */
const LEARNING_EVENTS = 31;

/**
 * Up to when all that one box said has been heard, by our clock, from the answers to our pings and
 * from what its events say of their own time. That they came is no proof: after a stall of the
 * network, what was said before it comes late, and what the box said meanwhile never.
 *
 * All times are in ms since the Unix epoch.
 */
export class HeardUntil {
  readonly #clockOffsetMs: () => number | undefined;
  /** As it was when the link came up: late events would spoil it. Else by the promptest event. */
  #offsetMs: number | undefined;
  /** How many events of this connection are still to be learned from. */
  #toLearn = 0;
  #byEvents: number | undefined;

  /** @param clockOffsetMs By how much the box's clock is ahead of ours, as far as it is known by now. */
  constructor(clockOffsetMs: () => number | undefined) {
    this.#clockOffsetMs = clockOffsetMs;
  }

  linked(): void {
    this.#offsetMs = this.#clockOffsetMs();
    this.#toLearn = this.#offsetMs === undefined ? LEARNING_EVENTS : 0;
  }

  /** @param occurredAt By the box's clock. */
  event(occurredAt: number, receivedAt: number): void {
    if (this.#toLearn > 0) {
      this.#toLearn -= 1;
      this.#learn(occurredAt - receivedAt);
    }
    const saidAt = Math.min(occurredAt - (this.#offsetMs ?? 0), receivedAt);
    this.#byEvents = Math.max(saidAt, this.#byEvents ?? saidAt);
  }

  /** The later an event comes, the less it seems to be ahead. */
  #learn(aheadMs: number): void {
    const knownMs = this.#offsetMs ?? aheadMs;
    this.#offsetMs = Math.max(aheadMs, knownMs);
    // All before came later than it seemed.
    if (this.#byEvents !== undefined) this.#byEvents -= this.#offsetMs - knownMs;
  }

  /** @param answered Up to when the box was heard by its answers. */
  until(answered: number | undefined): number | undefined {
    if (answered === undefined || this.#byEvents === undefined) return answered ?? this.#byEvents;
    return Math.max(answered, this.#byEvents);
  }
}
