import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HeardUntil } from '../../../src/fleet/backfill/heard-until.ts';

const DAY = 86_400_000;

/** Its clock is 5 s ahead, as two prompt events said. */
const with5sAhead = () => {
  const heard = new HeardUntil();
  heard.event(6_000, 1_000);
  heard.event(7_000, 2_000);
  return heard;
};

it('is what was answered before any event was heard', () => {
  expect(new HeardUntil().until(undefined)).toBeUndefined();
  expect(new HeardUntil().until(7)).toBe(7);
});

it('is the time of the newest event, brought to our clock by the promptest', () => {
  const heard = with5sAhead();
  heard.event(105_000, 100_200);
  heard.event(103_000, 100_300);
  expect(heard.until(undefined)).toBe(100_000);
});

it('is no later for events that a network brings long after they were said', () => {
  const heard = with5sAhead();
  for (let late = 0; late < 100; late += 1) heard.event(105_000 + late, 114_000);
  expect(heard.until(99_000)).toBe(100_099);
});

it('is never later than what was received', () => {
  const offset = fc.integer({ min: -2 * DAY, max: 2 * DAY });
  const late = fc.integer({ min: 0, max: 60_000 });
  fc.assert(
    fc.property(fc.array(fc.tuple(offset, late)), (events) => {
      const heard = new HeardUntil();
      for (const [at, [offsetMs, lateMs]] of events.entries()) {
        heard.event(at * 1_000 + offsetMs - lateMs, at * 1_000);
        expect(heard.until(0)).toBeLessThanOrEqual(at * 1_000);
      }
    }),
  );
});

it('is the newest answer where no event says more', () => {
  const heard = with5sAhead();
  heard.event(105_000, 100_200);
  expect(heard.until(104_000)).toBe(104_000);
});

it('is set back when an event shows how late those before came', () => {
  const heard = new HeardUntil();
  heard.event(105_000, 100_000);
  expect(heard.until(undefined)).toBe(100_000);
  heard.event(104_900, 90_000);
  expect(heard.until(undefined)).toBe(90_100);
});

it.each([1_970, 2_099])('is not moved by one event of the year %s', (year) => {
  const heard = with5sAhead();
  heard.event(105_000, 100_000);
  heard.event((year - 2_026) * 365 * DAY, 109_000);
  expect(heard.until(99_000)).toBe(100_000);
  heard.event(115_000, 110_500);
  expect(heard.until(99_000)).toBe(110_000);
});

it('follows a clock that was set by days with the second event that says so', () => {
  const heard = with5sAhead();
  heard.event(9 * DAY, 10_000);
  expect(heard.until(3_000)).toBe(3_000);
  heard.event(9 * DAY + 10_000, 19_000);
  heard.event(9 * DAY + 20_000, 29_500);
  expect(heard.until(3_000)).toBe(29_000);
});

it('goes by the latest events when the next connection begins: a clock may have been set back', () => {
  const heard = with5sAhead();
  heard.linked([1_000, 990, -40_000]);
  expect(heard.until(3_000)).toBe(3_000);
  heard.event(104_000, 103_100);
  expect(heard.until(3_000)).toBe(103_000);
});
