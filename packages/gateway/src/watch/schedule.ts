import { type WatchSpan, WEEKDAYS } from '../config/watch.ts';
import type { ZoneOffset } from '../zone-offset.ts';

const DAY_MS = 86_400_000;

/** The place in `WEEKDAYS` of 1 January 1970. */
const EPOCH_WEEKDAY = WEEKDAYS.indexOf('THU');

interface Span extends Omit<WatchSpan, 'days'> {
  /** By their places in `WEEKDAYS`. */
  readonly days: ReadonlySet<number>;
}

/**
 * Spans of the week by the clock on the wall. An hour that the clock repeats is in its span both
 * times; one that it skips is in none.
 */
export class Schedule {
  readonly #spans: readonly Span[];
  readonly #offset: ZoneOffset;

  constructor(spans: readonly WatchSpan[], offset: ZoneOffset) {
    this.#spans = spans.map((span) => ({
      ...span,
      days: new Set(span.days.map((day) => WEEKDAYS.indexOf(day))),
    }));
    this.#offset = offset;
  }

  /** @param time ms since the Unix epoch. */
  includes(time: number): boolean {
    const local = time + this.#offset.at(time);
    const day = Math.floor(local / DAY_MS);
    const sinceMidnight = local - day * DAY_MS;
    return this.#spans.some(({ days, fromMs, toMs }) => {
      const hasBegun = days.has(weekdayOf(day)) && sinceMidnight >= fromMs;
      const isBeforeEnd = sinceMidnight < toMs;
      if (fromMs < toMs) return hasBegun && isBeforeEnd;
      return hasBegun || (days.has(weekdayOf(day - 1)) && isBeforeEnd);
    });
  }
}

/** @param day counted from the epoch. */
const weekdayOf = (day: number): number => {
  const count = WEEKDAYS.length;
  return (((day + EPOCH_WEEKDAY) % count) + count) % count;
};
