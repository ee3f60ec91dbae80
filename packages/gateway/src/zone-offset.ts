/** Today's offsets of all zones from UTC are multiples of a quarter of an hour, and change at one. */
export const QUARTER_MS = 900_000;

/** Quarters of an hour whose offsets are kept. */
const MOST_KEPT = 100;

/** By how much the clocks of a time zone are ahead of UTC. Times are in ms since the Unix epoch. */
export class ZoneOffset {
  readonly #format: Intl.DateTimeFormat;
  /** By the start of the quarter: asking `Intl` takes some microseconds. */
  readonly #kept = new Map<number, number>();

  /**
   * @param timeZone An IANA time zone.
   * @throws {RangeError} when there is no such time zone.
   */
  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  }

  /** In whole quarters of an hour, as ms. */
  at(time: number): number {
    const quarter = Math.floor(time / QUARTER_MS);
    const kept = this.#kept.get(quarter);
    if (kept !== undefined) return kept;
    const offset = this.#ask(time);
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
    this.#kept.set(quarter, offset);
    return offset;
  }

  #ask(time: number): number {
    const parts = this.#format.formatToParts(time);
    const text = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours, minutes] = /GMT([+-])(\d+):(\d+)/.exec(text) ?? [];
    const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
    const quarters = Math.round(offset / QUARTER_MS) * QUARTER_MS;
    return sign === '-' ? -quarters : quarters;
  }
}
