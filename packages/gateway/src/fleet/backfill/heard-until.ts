import { LATEST_MS } from '../clock-offset.ts';

/**
 * Up to which instant all that one box said has been heard, from the answers to our pings and from
 * what its events say of their own time. That they came is no proof: after a stall of the network,
 * what was said before it comes late, and what the box said meanwhile never.
 *
 * An event's own time is brought to our clock by the promptest event, whose offset is the greatest:
 * so nothing counts as said later than it was. A clock that was set back leaves that too great until
 * the next connection, and then events prove less than they could.
 */
export class HeardUntil {
  /** The greatest offset; ms. */
  #promptestMs: number | undefined;
  /** Of the last event: an offset out of all reason proves nothing until a second event says the same. */
  #previousMs: number | undefined;
  /** By the box's clock, of this connection. */
  #newestAt: number | undefined;
  #lastAt: number | undefined;

  /**
   * Another connection begins, which nothing is heard of yet. From now on, the latest events say
   * which is the promptest: a clock may have been set back, or be slow.
   *
   * @param offsets Of the latest events, in no order.
   */
  linked(offsets: readonly number[]): void {
    const promptestMs = this.#promptestMs;
    this.#newestAt = undefined;
    if (promptestMs === undefined) return;
    const near = offsets.filter((each) => Math.abs(each - promptestMs) <= LATEST_MS);
    this.#promptestMs = near.length > 0 ? Math.max(...near) : undefined;
  }

  /** @param occurredAt By the box's clock. @param instant When it was received. */
  event(occurredAt: number, instant: number): void {
    const offsetMs = occurredAt - instant;
    const previousMs = this.#previousMs ?? offsetMs;
    const isConfirmed = Math.abs(offsetMs - previousMs) <= LATEST_MS;
    this.#previousMs = offsetMs;
    if (isConfirmed) this.#lastAt = occurredAt;
    const promptestMs = this.#promptestMs ?? offsetMs;
    const aheadMs = offsetMs - promptestMs;
    if (aheadMs < -LATEST_MS || (aheadMs > LATEST_MS && !isConfirmed)) return;
    this.#promptestMs =
      aheadMs > LATEST_MS ? Math.max(offsetMs, previousMs) : Math.max(offsetMs, promptestMs);
    this.#newestAt = Math.max(occurredAt, this.#newestAt ?? occurredAt);
  }

  /** The offset of the promptest event, in ms. */
  get promptestMs(): number | undefined {
    return this.#promptestMs;
  }

  /** When the last event occurred by the box's clock, as another one confirmed. */
  get lastAt(): number | undefined {
    return this.#lastAt;
  }

  /**
   * @param answered Up to which instant the box was heard by its answers.
   * @param offsets Of the latest events, in no order: one that was out of all reason may have been
   *   the promptest of those that followed.
   */
  until(answered: number | undefined, offsets: readonly number[] = []): number | undefined {
    const promptestMs = this.#promptestMs;
    if (this.#newestAt === undefined || promptestMs === undefined) return answered;
    const near = offsets.filter((each) => each - promptestMs <= LATEST_MS);
    const saidAt = this.#newestAt - Math.max(promptestMs, ...near);
    return Math.max(saidAt, answered ?? Number.NEGATIVE_INFINITY);
  }
}
