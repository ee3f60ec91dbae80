import { describe, expect, test } from 'vitest';
import { type Line, linesOf } from '../../src/state/lines.ts';
import { rowsOf } from '../../src/state/row.ts';
import { timesIn } from '../../src/time/times.ts';
import { eventOf } from '../support/events.ts';

const lines = (events: readonly ReturnType<typeof eventOf>[], zone = 'UTC') =>
  linesOf(
    events.flatMap((event) => rowsOf({ ...event, gapsBefore: [] })),
    timesIn('en', zone).day,
  );

/** A day's name, or the ids of the events of a card. */
const shown = (line: Line) =>
  line.kind === 'sightings' ? line.sightings.map(({ id }) => id).join(' ') : line.kind;

describe('sightings of one person at one device', () => {
  const ann = { identityId: '7' };

  test('are one card, where the newest of them is', () => {
    const events = [
      eventOf('d', '2026-03-01T10:02:00Z', ann),
      eventOf('other', '2026-03-01T10:01:30Z', { identityId: '8' }),
      eventOf('c', '2026-03-01T10:01:00Z', ann),
      eventOf('b', '2026-03-01T09:59:30Z', ann),
      eventOf('a', '2026-03-01T09:50:00Z', ann),
    ];
    expect(lines(events).map(shown)).toEqual(['day', 'd c b', 'other', 'a']);
  });

  test('are cards of their own for strangers, hidden persons and other devices', () => {
    const at = (second: number) => `2026-03-01T10:00:0${second}Z`;
    const events = [
      eventOf('6', at(6), { identityId: null }),
      eventOf('5', at(5), { identityId: null }),
      eventOf('4', at(4), { identityId: '' }),
      eventOf('3', at(3), { identityId: '' }),
      eventOf('2', at(2), ann),
      eventOf('1', at(1), { ...ann, deviceId: 'box/2' }),
    ];
    expect(lines(events).map(shown)).toEqual(['day', '6', '5', '4', '3', '2', '1']);
  });
});

test('each day is named above its lines, by the clocks of the page’s zone', () => {
  const events = [
    eventOf('c', '2026-03-01T23:30:00Z'),
    eventOf('b', '2026-03-01T22:30:00Z'),
    eventOf('a', '2026-03-01T12:00:00Z'),
  ];
  expect(lines(events).map(shown)).toEqual(['day', 'c', 'b', 'a']);
  expect(lines(events, 'Europe/Berlin').map(shown)).toEqual(['day', 'c', 'day', 'b', 'a']);
  const [first] = lines(events, 'Europe/Berlin');
  expect(first).toMatchObject({ kind: 'day', day: expect.stringMatching(/\b2\b.*2026/) });
});
