import { PERSON_TYPES } from '../config/person-types.ts';
import { isTimeZone, TIME_ZONE_FORM } from '../config/time-zone.ts';
import { GatewayError } from '../errors.ts';
import type { EventFilter } from '../journal/filter.ts';
import type { Tally } from '../journal/tally.ts';
import { QUARTER_MS } from '../zone-offset.ts';
import type { GraphQLContext } from './context.ts';
import { type BucketSize, TimeBuckets } from './time-buckets.ts';
import type { EventCountShape } from './types/event-count.ts';

/** Hours or days of one answer. */
export const MAX_BUCKETS = 1_000;

/**
 * Counts the events that match.
 *
 * @throws {GatewayError} BAD_USER_INPUT for a time zone that there is not, or more than
 *   `MAX_BUCKETS` hours or days; the reason of the context's `signal`.
 */
export async function eventCounts(
  asked: EventFilter,
  by: BucketSize | 'DEVICE' | 'PERSON_TYPE',
  timeZone: string,
  { journal, permissionClass, now, signal, historyRead }: GraphQLContext,
): Promise<EventCountShape[]> {
  const filter = permissionClass.past(asked, now());
  historyRead?.(asked, 0);
  switch (by) {
    case 'DEVICE': {
      const tallies = await journal.tally(filter, 'device', signal);
      return tallies
        .filter((tally) => tally.by === 'device')
        .map(({ events: count, ...device }) => ({ count, device }))
        .toSorted((a, b) => b.count - a.count);
    }
    case 'PERSON_TYPE': {
      const tallies = await journal.tally(filter, 'personType', signal);
      const counts = new Map(
        tallies.flatMap((tally) =>
          tally.by === 'personType' ? [[tally.personType, tally.events] as const] : [],
        ),
      );
      return PERSON_TYPES.filter((type) => filter.personTypes?.includes(type) ?? true).map(
        (personType) => ({ personType, count: counts.get(personType) ?? 0 }),
      );
    }
    case 'HOUR':
    case 'DAY': {
      const buckets = bucketsOf(by, timeZone);
      // A range that is too long is refused before it is counted.
      if (asked.from !== undefined && asked.to !== undefined) {
        rangesBetween(buckets, asked.from, asked.to);
      }
      return byTime(await journal.tally(filter, 'quarter', signal), asked, buckets);
    }
  }
}

function bucketsOf(size: BucketSize, timeZone: string): TimeBuckets {
  if (isTimeZone(timeZone)) return new TimeBuckets(size, timeZone);
  throw new GatewayError('BAD_USER_INPUT', `timeZone must be ${TIME_ZONE_FORM}.`);
}

/** All hours or days of the filter, empty ones too. Without a bound, the oldest or newest event is the bound. */
function byTime(
  tallies: readonly Tally[],
  { from, to }: EventFilter,
  buckets: TimeBuckets,
): EventCountShape[] {
  const quarters = tallies
    .flatMap((tally) =>
      tally.by === 'quarter' ? [{ at: tally.quarter * QUARTER_MS, events: tally.events }] : [],
    )
    .toSorted((a, b) => a.at - b.at);
  const first = from ?? quarters[0]?.at;
  const last = quarters.at(-1);
  const end = to ?? (last && last.at + 1);
  if (first === undefined || end === undefined) return [];
  let next = 0;
  return rangesBetween(buckets, first, end).map((range) => {
    let count = 0;
    for (let quarter = quarters[next]; quarter && quarter.at < range.to; ) {
      count += quarter.events;
      next += 1;
      quarter = quarters[next];
    }
    return { ...range, count };
  });
}

/** @throws {GatewayError} BAD_USER_INPUT for more than `MAX_BUCKETS`. */
function rangesBetween(
  buckets: TimeBuckets,
  first: number,
  end: number,
): { readonly from: number; readonly to: number }[] {
  const ranges: { readonly from: number; readonly to: number }[] = [];
  for (let from = buckets.startOf(first); from < end; ) {
    if (ranges.length === MAX_BUCKETS) {
      throw new GatewayError(
        'BAD_USER_INPUT',
        `More than ${MAX_BUCKETS} hours or days are in the range of the filter; choose a shorter range, or days.`,
      );
    }
    const to = buckets.next(from);
    ranges.push({ from, to });
    from = to;
  }
  return ranges;
}
