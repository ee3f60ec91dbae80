import type { Alarm } from '@se5/client';
import { expect, it } from 'vitest';
import {
  arrangedAs,
  countNew,
  emptyBoard,
  hasAlarms,
  withAlarms,
  withoutAlarm,
} from '../../src/state/alarm-board.ts';

/** As much of an alarm as the board looks at. */
const alarmOf = (id: string, given: Partial<Alarm> = {}): Alarm =>
  ({
    id,
    severity: 'MEDIUM',
    state: 'OPEN',
    openedAt: '2026-03-01T10:00:00Z',
    closedAt: null,
    ...given,
  }) as unknown as Alarm;

const ids = (alarms: readonly Alarm[]) => alarms.map(({ id }) => id);

it('lists the most severe alarms first, and of equal ones the newest', () => {
  const board = withAlarms(emptyBoard, [
    alarmOf('old', { openedAt: '2026-03-01T09:00:00Z' }),
    alarmOf('new'),
    alarmOf('low', { severity: 'LOW', openedAt: '2026-03-01T12:00:00Z' }),
    alarmOf('critical', { severity: 'CRITICAL', openedAt: '2026-03-01T08:00:00Z' }),
  ]);
  expect(ids(board.open)).toEqual(['critical', 'new', 'old', 'low']);
});

it('moves an alarm to the list of its latest state', () => {
  const opened = withAlarms(emptyBoard, [alarmOf('a'), alarmOf('b')]);
  const taken = withAlarms(opened, [alarmOf('a', { state: 'ACKNOWLEDGED' })]);
  expect([ids(taken.open), ids(taken.acknowledged)]).toEqual([['b'], ['a']]);
  const closed = withAlarms(taken, [alarmOf('a', { state: 'CLOSED' })]);
  expect([ids(closed.acknowledged), ids(closed.closed)]).toEqual([[], ['a']]);
});

it('holds 50 closed alarms, the ones that were closed last', () => {
  const closedAt = (second: number) => new Date(second * 1000).toISOString();
  const closed = Array.from({ length: 60 }, (_, at) =>
    alarmOf(`${at}`, { state: 'CLOSED', closedAt: closedAt(at) }),
  );
  const board = withAlarms(emptyBoard, closed);
  expect([board.closed.length, board.closed[0]?.id, board.closed.at(-1)?.id]).toEqual([
    50,
    '59',
    '10',
  ]);
});

it('has no alarm that is gone', () => {
  const board = withAlarms(emptyBoard, [alarmOf('a')]);
  expect([hasAlarms(board), hasAlarms(withoutAlarm(board, 'a'))]).toEqual([true, false]);
});

it('keeps each alarm where it was shown, as it is now, while others wait', () => {
  const shown = withAlarms(emptyBoard, [alarmOf('a'), alarmOf('b')]);
  const now = withAlarms(shown, [
    alarmOf('b', { state: 'CLOSED' }),
    alarmOf('c', { severity: 'CRITICAL' }),
  ]);
  const held = arrangedAs(shown, now);
  expect(held.open.map(({ id, state }) => [id, state])).toEqual([
    ['a', 'OPEN'],
    ['b', 'CLOSED'],
  ]);
  expect([held.closed, countNew(shown, now)]).toEqual([[], 1]);
});
