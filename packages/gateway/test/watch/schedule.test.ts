import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type WatchSpan, WEEKDAYS } from '../../src/config/watch.ts';
import { Schedule } from '../../src/watch/schedule.ts';
import { ZoneOffset } from '../../src/zone-offset.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe'];

const ms = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return (hours * 60 + minutes) * MINUTE_MS;
};

const span = (from: string, to: string, days: WatchSpan['days'] = WEEKDAYS): WatchSpan => ({
  days,
  fromMs: ms(from),
  toMs: ms(to),
});

const included = (zone: string, spans: readonly WatchSpan[], times: readonly string[]) => {
  const schedule = new Schedule(spans, new ZoneOffset(zone));
  return times.filter((time) => schedule.includes(Date.parse(time)));
};

/** What a clock on the wall shows, as `Intl` writes it. */
function wallClock(zone: string, time: number) {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: zone, weekday: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' },
    hourCycle: 'h23',
  });
  const shown = new Map(format.formatToParts(time).map(({ type, value }) => [type, value]));
  const number = (type: Intl.DateTimeFormatPartTypes) => Number(shown.get(type));
  const seconds = (number('hour') * 60 + number('minute')) * 60 + number('second');
  const day = shown.get('weekday')?.toUpperCase();
  return { day: (WEEKDAYS as readonly unknown[]).indexOf(day), sinceMidnight: seconds * 1_000 };
}

/** The same as plainly as can be: every begun span is laid on the days of the wall's clock. */
function isIncluded(spans: readonly WatchSpan[], zone: string, time: number): boolean {
  const { day, sinceMidnight } = wallClock(zone, time);
  return spans.some(({ days, fromMs, toMs }) =>
    days.some((begun) => {
      const start = WEEKDAYS.indexOf(begun) * DAY_MS + fromMs;
      const end = start + (fromMs < toMs ? toMs - fromMs : DAY_MS - fromMs + toMs);
      const now = day * DAY_MS + sinceMidnight;
      return [now, now + 7 * DAY_MS].some((each) => each >= start && each < end);
    }),
  );
}

const timeOfDay = fc.integer({ min: 0, max: 1_439 }).map((minutes) => minutes * MINUTE_MS);
const anySpan: fc.Arbitrary<WatchSpan> = fc
  .record({
    days: fc.subarray([...WEEKDAYS]),
    fromMs: timeOfDay,
    toMs: fc.oneof(timeOfDay, fc.constant(DAY_MS)),
  })
  .filter(({ fromMs, toMs }) => fromMs !== toMs);

/** Near a change of clocks, or anywhere. */
const anyTime = fc.oneof(
  ...['2026-03-29T01:00Z', '2026-10-25T01:00Z', '2026-11-01T06:00Z', '2026-03-08T07:00Z'].map(
    (change) =>
      fc
        .integer({ min: -2 * 86_400, max: 2 * 86_400 })
        .map((seconds) => Date.parse(change) + seconds * 1_000),
  ),
  fc.integer({ min: 0, max: 3_000_000_000 }).map((seconds) => seconds * 1_000),
);

describe('a schedule', () => {
  it('holds the times that its clock on the wall shows within a span', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.array(anySpan, { maxLength: 3 }),
        fc.array(anyTime, { minLength: 1, maxLength: 5 }),
        (zone, spans, times) => {
          const schedule = new Schedule(spans, new ZoneOffset(zone));
          for (const time of times) {
            expect(schedule.includes(time)).toBe(isIncluded(spans, zone, time));
          }
        },
      ),
    );
  });

  it('includes the start of a span and excludes its end', () => {
    const times = ['08:59:59.999', '09:00', '16:59:59.999', '17:00'].map((t) => `2026-01-05T${t}Z`);
    expect(included('UTC', [span('09:00', '17:00')], times)).toEqual(times.slice(1, 3));
  });

  it('takes the part after midnight for the day on which the span begins', () => {
    const friday = [span('18:00', '06:00', ['FRI'])];
    const times = ['02T05:59', '02T18:00', '03T05:59', '03T06:00', '03T18:00', '04T05:59'];
    expect(
      included(
        'UTC',
        friday,
        times.map((time) => `2026-01-${time}Z`),
      ),
    ).toEqual(['2026-01-02T18:00Z', '2026-01-03T05:59Z']);
  });

  it('is never in force without spans or days', () => {
    expect(included('UTC', [], ['2026-01-05T12:00Z'])).toEqual([]);
    expect(included('UTC', [span('00:00', '24:00', [])], ['2026-01-05T12:00Z'])).toEqual([]);
  });

  // In Berlin 2:00 becomes 3:00 on 29 March at 1:00 UTC, in New York on 8 March at 7:00 UTC.
  it.each([
    ['Europe/Berlin', ['2026-03-29T00:59Z', '2026-03-29T01:00Z', '2026-03-29T03:59Z']],
    ['America/New_York', ['2026-03-08T06:59Z', '2026-03-08T07:00Z', '2026-03-08T09:59Z']],
  ])('ends at its time on the wall in a night that is an hour short: %s', (zone, times) => {
    const night = [span('22:00', '06:00', ['SAT'])];
    const end = new Date(Date.parse(times.at(-1) ?? '') + MINUTE_MS).toISOString();
    expect(included(zone, night, [...times, end])).toEqual(times);
    expect(included(zone, [span('02:00', '03:00')], times)).toEqual([]);
  });

  // In Berlin 3:00 becomes 2:00 on 25 October at 1:00 UTC, in New York 2:00 becomes 1:00 on
  // 1 November at 6:00 UTC.
  it.each([
    ['Europe/Berlin', span('02:00', '03:00'), '2026-10-25T00:00Z'],
    ['America/New_York', span('01:00', '02:00'), '2026-11-01T05:00Z'],
  ])('is in force both times in an hour that is repeated: %s', (zone, hour, first) => {
    const minutes = (count: number) =>
      new Date(Date.parse(first) + count * MINUTE_MS).toISOString();
    const inside = [0, 59, 60, 119].map(minutes);
    expect(included(zone, [hour], [minutes(-1), ...inside, minutes(120)])).toEqual(inside);
  });
});
