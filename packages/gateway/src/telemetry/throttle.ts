/** Lets the first of a kind pass, then one in an interval; says how many were held back before it. */
export class Throttle<Key> {
  readonly #intervalMs: number;
  readonly #held = new Map<Key, { since: number; count: number }>();

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /**
   * How many were held back since the last that passed; undefined when this one is held back.
   *
   * @param now Of elapsed time, in ms: whoever sets the wall clock silences nothing.
   */
  pass(key: Key, now = performance.now()): number | undefined {
    const held = this.#held.get(key);
    if (held !== undefined && now - held.since < this.#intervalMs) {
      held.count += 1;
      return undefined;
    }
    this.#held.set(key, { since: now, count: 0 });
    return held?.count ?? 0;
  }
}
