import { QUARTER_MS } from '../journal/tally.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

export type BucketSize = 'HOUR' | 'DAY';

/** Hours or days by the clocks of a time zone. Times are in ms since the Unix epoch. */
export class TimeBuckets {
  readonly #size: number;
  readonly #format: Intl.DateTimeFormat;

  /**
   * @param timeZone An IANA time zone.
   * @throws {RangeError} when there is no such time zone.
   */
  constructor(size: BucketSize, timeZone: string) {
    this.#size = size === 'HOUR' ? HOUR_MS : DAY_MS;
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  }

  /** The start of the hour or day in which a time is: a whole quarter of an hour. */
  startOf(time: number): number {
    const start = time - modulo(time + this.#offsetAt(time), this.#size);
    const isSameOffset = this.#offsetAt(start) === this.#offsetAt(time);
    let at = isSameOffset ? start : Math.floor(time / QUARTER_MS) * QUARTER_MS;
    while (this.#isTogether(at - QUARTER_MS, at)) at -= QUARTER_MS;
    return at;
  }

  /** The start of the next one. */
  next(start: number): number {
    const next = start + this.#size - modulo(start + this.#offsetAt(start), this.#size);
    if (this.#offsetAt(next) === this.#offsetAt(start)) return next;
    let at = start + QUARTER_MS;
    while (this.#isTogether(start, at)) at += QUARTER_MS;
    return at;
  }

  /** Whether two times are in one hour or day. An hour ends when its clock is set. */
  #isTogether(one: number, other: number): boolean {
    const [first, second] = [this.#offsetAt(one), this.#offsetAt(other)];
    return (
      Math.floor((one + first) / this.#size) === Math.floor((other + second) / this.#size) &&
      (this.#size === DAY_MS || first === second)
    );
  }

  /** By how much the clocks are ahead of UTC, in whole quarters of an hour, as ms. */
  #offsetAt(time: number): number {
    const parts = this.#format.formatToParts(time);
    const text = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours, minutes] = /GMT([+-])(\d+):(\d+)/.exec(text) ?? [];
    const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
    const quarters = Math.round(offset / QUARTER_MS) * QUARTER_MS;
    return sign === '-' ? -quarters : quarters;
  }
}

const modulo = (value: number, by: number): number => ((value % by) + by) % by;
