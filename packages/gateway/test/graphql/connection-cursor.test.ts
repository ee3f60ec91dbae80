import { expect, it } from 'vitest';
import { ConnectionCursor } from '../../src/graphql/connection-cursor.ts';
import type { Cursor, Position } from '../../src/journal/journal.ts';

const at = (position: number): Position => position as Position;

const cursorOf = (newest: number): ConnectionCursor =>
  new ConnectionCursor({ cursorAt: (position) => String(position) as Cursor }, () => at(newest));

it('the cursor of a connection is that of its last subscription, but no newer than its viewer may see', () => {
  const cursor = cursorOf(10);
  expect(cursor.current).toBe('10');
  cursor.add({ position: at(12), resumedAt: at(3) });
  expect(cursor.current).toBe('10');
  cursor.add({ position: at(7), resumedAt: at(3) });
  expect(cursor.current).toBe('7');
});

it('the cursor of a connection never goes back to before the point at which its client resumed', () => {
  // Another gateway has delivered up to 15; this one has followed the log up to 10.
  const cursor = cursorOf(10);
  cursor.add({ position: at(15), resumedAt: at(15) });
  expect(cursor.current).toBe('15');
  cursor.add({ position: at(12), resumedAt: at(12) });
  expect(cursor.current).toBe('12');
});

it('a connection promises nothing while a subscription can promise nothing', () => {
  const cursor = cursorOf(10);
  cursor.add({ position: undefined, resumedAt: at(3) });
  expect(cursor.current).toBeUndefined();
});
