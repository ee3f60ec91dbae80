import { expect, test } from 'vitest';
import { languages } from '../../src/language/languages.ts';
import { timesIn } from '../../src/time/times.ts';
import { times } from '../support/english.ts';

const now = Date.parse('2026-03-02T12:00:00Z');

test('a time of another day comes with its date', () => {
  expect(times.since('2026-03-02T09:05:00Z', now)).toBe('09:05');
  expect(times.since('2026-03-01T09:05:00Z', now)).toBe('1 Mar, 09:05');
});

test.each([
  [0, 'now', 'now'],
  [4_000, 'now', 'now'],
  [12_000, '12 sec ago', '12 secs'],
  [59 * 60_000, '59 min ago', '59 mins'],
  [3_600_000, '1 hr ago', '1 hr'],
  [86_400_000, '1 day ago', '1 day'],
])('%i ms are said in the largest unit that is full', (ms, ago, lasting) => {
  expect(times.ago(now - ms, now)).toBe(ago);
  expect(times.lasting(now - ms, now)).toBe(lasting);
});

test.each(languages)('$name has words for all of it', ({ tag }) => {
  const own = timesIn(tag, 'UTC');
  const said = [own.day(now), own.ago(now - 7_200_000, now), own.lasting(now - 7_200_000, now)];
  expect(said.filter((text) => text.trim() === '')).toEqual([]);
  if (tag !== 'en') expect(said).not.toContain(timesIn('en', 'UTC').day(now));
});
