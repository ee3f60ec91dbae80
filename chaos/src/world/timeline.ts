/** Something that happened; ms since the Unix epoch. */
export interface Moment {
  readonly at: number;
  readonly what: string;
}

/** What happened when, so that a finding can be seen in its surroundings. */
export class Timeline {
  readonly #moments: Moment[] = [];
  readonly #start = Date.now();

  get moments(): readonly Moment[] {
    return this.#moments;
  }

  note(what: string): void {
    this.#moments.push({ at: Date.now(), what });
  }

  /** As lines, with seconds since the start. */
  around(from: number, to: number): readonly string[] {
    return this.#moments
      .filter(({ at }) => at >= from && at <= to)
      .map(({ at, what }) => `${this.seconds(at)} ${what}`);
  }

  seconds(at: number): string {
    return `${((at - this.#start) / 1_000).toFixed(3).padStart(8)} s`;
  }
}
