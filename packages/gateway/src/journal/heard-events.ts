import type { BoxEvent } from '@se5/core';

/** What two accounts of one event have in common: the live one, and the one that its box has stored. */
export type Sighting = Pick<BoxEvent, 'deviceId' | 'identityId' | 'occurredAt'>;

/** By how much the times of the two may differ, in ms: one is whole, the other was rounded [assumed]. */
const TOLERANCE_MS = 1;

/**
 * A multiset of events, of which each can be taken once: two that look the same, and one that was
 * heard, leave one that was missed.
 */
export class HeardEvents {
  readonly #times = new Map<string, number[]>();

  add(event: Sighting): void {
    const key = keyOf(event);
    const times = this.#times.get(key);
    if (times) times.push(event.occurredAt);
    else this.#times.set(key, [event.occurredAt]);
  }

  /**
   * Takes one that matches: of several the earliest, which makes as many matches as there can be
   * when events are asked for in the order of time.
   *
   * @returns whether there was one.
   */
  take(event: Sighting): boolean {
    const times = this.#times.get(keyOf(event)) ?? [];
    let earliest = Number.POSITIVE_INFINITY;
    for (const time of times) {
      if (Math.abs(time - event.occurredAt) <= TOLERANCE_MS) earliest = Math.min(earliest, time);
    }
    const index = times.indexOf(earliest);
    if (index === -1) return false;
    times.splice(index, 1);
    return true;
  }

  clear(): void {
    this.#times.clear();
  }

  /** Those that nothing from `time` on can match. */
  forgetBefore(time: number): void {
    for (const [key, times] of this.#times) {
      const kept = times.filter((each) => each >= time - TOLERANCE_MS);
      if (kept.length > 0) this.#times.set(key, kept);
      else this.#times.delete(key);
    }
  }
}

/** JSON says where each member ends. */
const keyOf = ({ deviceId, identityId }: Sighting): string =>
  JSON.stringify([deviceId, identityId]);

/** What lies so far from an event can be the same one, in ms. */
export const REACH_MS = TOLERANCE_MS;
