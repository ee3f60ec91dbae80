/** Something that happened; ms since the Unix epoch. */
interface Moment {
  readonly at: number;
  readonly what: string;
}

/** What happened when, so that a finding can be seen in its surroundings. */
export class Timeline {
  readonly #moments: Moment[] = [];
  readonly #start = Date.now();

  note(what: string): void {
    this.#moments.push({ at: Date.now(), what });
  }

  /** All of it, a line each, with seconds since the start. */
  lines(): readonly string[] {
    return this.around(0, Number.POSITIVE_INFINITY);
  }

  /** The lines between two times. */
  around(from: number, to: number): readonly string[] {
    return this.#moments
      .filter(({ at }) => at >= from && at <= to)
      .map(({ at, what }) => `${this.seconds(at)} ${what}`);
  }

  seconds(at: number): string {
    return `${((at - this.#start) / 1_000).toFixed(3).padStart(8)} s`;
  }
}
