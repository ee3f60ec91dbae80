import { QUARTER_MS, ZoneOffset } from '../zone-offset.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

export type BucketSize = 'HOUR' | 'DAY';

/** Hours or days by the clocks of a time zone. Times are in ms since the Unix epoch. */
export class TimeBuckets {
  readonly #size: number;
  readonly #offset: ZoneOffset;

  /**
   * @param timeZone An IANA time zone.
   * @throws {RangeError} when there is no such time zone.
   */
  constructor(size: BucketSize, timeZone: string) {
    this.#size = size === 'HOUR' ? HOUR_MS : DAY_MS;
    this.#offset = new ZoneOffset(timeZone);
  }

  /** The start of the hour or day in which a time is: a whole quarter of an hour. */
  startOf(time: number): number {
    const start = time - modulo(time + this.#offset.at(time), this.#size);
    const isSameOffset = this.#offset.at(start) === this.#offset.at(time);
    let at = isSameOffset ? start : Math.floor(time / QUARTER_MS) * QUARTER_MS;
    while (this.#isTogether(at - QUARTER_MS, at)) at -= QUARTER_MS;
    return at;
  }

  /** The start of the next one. */
  next(start: number): number {
    const next = start + this.#size - modulo(start + this.#offset.at(start), this.#size);
    if (this.#offset.at(next) === this.#offset.at(start)) return next;
    let at = start + QUARTER_MS;
    while (this.#isTogether(start, at)) at += QUARTER_MS;
    return at;
  }

  /** Whether two times are in one hour or day. An hour ends when its clock is set. */
  #isTogether(one: number, other: number): boolean {
    const [first, second] = [this.#offset.at(one), this.#offset.at(other)];
    return (
      Math.floor((one + first) / this.#size) === Math.floor((other + second) / this.#size) &&
      (this.#size === DAY_MS || first === second)
    );
  }
}

const modulo = (value: number, by: number): number => ((value % by) + by) % by;
