import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boundsOf, dayAt, daysLater, startOf } from '../../src/history/day.ts';

const zones = ['UTC', 'Asia/Shanghai', 'America/Halifax', 'Pacific/Kiritimati', 'Asia/Kathmandu'];

test('a day has 23 or 25 hours where the clocks change, and may begin an hour late', () => {
  expect(boundsOf('2026-11-29', 'Asia/Shanghai')).toEqual({
    from: '2026-11-28T16:00:00.000Z',
    to: '2026-11-29T16:00:00.000Z',
  });
  expect(boundsOf('2026-03-29', 'Europe/Berlin')).toEqual({
    from: '2026-03-28T23:00:00.000Z',
    to: '2026-03-29T22:00:00.000Z',
  });
  expect(boundsOf('2026-10-25', 'Europe/Berlin')).toEqual({
    from: '2026-10-24T22:00:00.000Z',
    to: '2026-10-25T23:00:00.000Z',
  });
  // At midnight the clocks of Santiago go on to one o'clock.
  expect(boundsOf('2026-09-06', 'America/Santiago').from).toBe('2026-09-06T04:00:00.000Z');
});

test('a day begins with the first minute that the zone counts to it', () => {
  const time = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2035, 0, 1) });
  fc.assert(
    fc.property(time, fc.constantFrom(...zones), (ms, zone) => {
      const day = dayAt(ms, zone);
      const start = startOf(day, zone);
      expect(dayAt(start, zone)).toBe(day);
      expect(dayAt(start - 1, zone)).toBe(daysLater(day, -1));
    }),
  );
});
