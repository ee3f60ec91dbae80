/**
 * The clock of the machine that the gateway runs on, against that of the test, which is true.
 *
 * It is set by more than a run lasts. So a time that the gateway tells says by itself how far the
 * clock was ahead when it was read, and the true time can be told from it.
 */
export class MachineClock {
  readonly #start = Date.now();
  readonly #shown = new Set([0]);
  /** What changes that are under way leave: some process may still show it. */
  readonly #leaving = new Set<{ readonly aheadMs: number }>();
  #aheadMs = 0;

  /** ms; negative when it is behind. */
  get aheadMs(): number {
    return this.#aheadMs;
  }

  /** What no process of the machine shows more than, in ms since the Unix epoch. */
  get latest(): number {
    const ahead = [...this.#leaving].map(({ aheadMs }) => aheadMs);
    return Date.now() + Math.max(0, this.#aheadMs, ...ahead);
  }

  /** @returns what to dispose of when all processes show it. */
  set(aheadMs: number): Disposable {
    const left = { aheadMs: this.#aheadMs };
    this.#leaving.add(left);
    this.#aheadMs = aheadMs;
    this.#shown.add(aheadMs);
    return { [Symbol.dispose]: () => void this.#leaving.delete(left) };
  }

  /**
   * When the clock showed this: of the times that it can have been, the nearest to the run.
   *
   * @param notAfter Later ones are no choice, unless there is no other.
   */
  trueTime(shown: number, notAfter = Number.POSITIVE_INFINITY): number {
    const times = [...this.#shown].map((aheadMs) => shown - aheadMs);
    const possible = times.filter((time) => time <= notAfter);
    return (possible.length > 0 ? possible : times).reduce((best, time) =>
      this.#off(time) < this.#off(best) ? time : best,
    );
  }

  /** How far from the run a time is, in ms. */
  #off(time: number): number {
    return Math.max(this.#start - time, time - Date.now(), 0);
  }
}
