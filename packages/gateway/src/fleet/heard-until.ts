/**
 * Up to when all that one box said has been heard, by our clock, from the answers to our pings and
 * from what its events say of their own time. That they came is no proof: after a stall of the
 * network, what was said before it comes late, and what the box said meanwhile never.
 *
 * All times are in ms since the Unix epoch.
 */
export class HeardUntil {
  readonly #clockOffsetMs: () => number | undefined;
  /** As it was when the link came up: late events would spoil it. */
  #offsetMs: number | undefined;
  #byEvents: number | undefined;

  /** @param clockOffsetMs By how much the box's clock is ahead of ours, as far as it is known by now. */
  constructor(clockOffsetMs: () => number | undefined) {
    this.#clockOffsetMs = clockOffsetMs;
  }

  linked(): void {
    this.#offsetMs = this.#clockOffsetMs();
  }

  /** @param occurredAt By the box's clock. */
  event(occurredAt: number, receivedAt: number): void {
    this.#offsetMs ??= this.#clockOffsetMs() ?? 0;
    const saidAt = Math.min(occurredAt - this.#offsetMs, receivedAt);
    this.#byEvents = Math.max(saidAt, this.#byEvents ?? saidAt);
  }

  /** @param answered Up to when the box was heard by its answers. */
  until(answered: number | undefined): number | undefined {
    if (answered === undefined || this.#byEvents === undefined) return answered ?? this.#byEvents;
    return Math.max(answered, this.#byEvents);
  }
}
