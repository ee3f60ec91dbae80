import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  emptyFeed,
  type Feed,
  type FeedAction,
  maxLiveRows,
  maxRows,
  reduceFeed,
} from '../../src/state/feed.ts';
import type { Row } from '../../src/state/row.ts';

const gapRow = (number: number): Row => ({
  kind: 'gap',
  key: String(number),
  gap: { reason: 'RETENTION', from: null, to: null, boxId: null, count: null },
});

const numbers = (rows: readonly Row[]) => rows.map(({ key }) => Number(key));
const isFalling = (list: readonly number[]) =>
  list.every((number, index) => index === 0 || number < (list[index - 1] ?? 0));

/** Batches of rows that are numbered as they come, between holds, and pages of older ones. */
const actions = fc
  .array(
    fc.oneof(
      fc.record({ type: fc.constant('received' as const), count: fc.nat(900) }),
      fc.record({
        type: fc.constantFrom('held' as const, 'released' as const, 'caught up' as const),
      }),
      fc.record({ type: fc.constant('older received' as const), count: fc.nat(60) }),
    ),
    { maxLength: 30 },
  )
  .map((steps) => {
    let [next, oldest] = [0, 0];
    return steps.map((step): FeedAction => {
      if (step.type === 'received') {
        const rows = Array.from({ length: step.count }, () => gapRow(next++));
        return { type: 'received', rows: rows.toReversed() };
      }
      if (step.type === 'older received') {
        const rows = Array.from({ length: step.count }, () => gapRow(--oldest));
        return { type: 'older received', rows, hasMore: true };
      }
      return step;
    });
  });

const play = (steps: readonly FeedAction[], from = emptyFeed): Feed =>
  steps.reduce(reduceFeed, from);

test('rows are newest first and each there once, within their bounds, whatever comes', () => {
  fc.assert(
    fc.property(actions, (steps) => {
      const { rows, waiting } = play(steps);
      expect(isFalling(numbers([...waiting, ...rows]))).toBe(true);
      expect(rows.length).toBeLessThanOrEqual(maxRows);
      expect(waiting.length).toBeLessThanOrEqual(maxLiveRows);
    }),
  );
});

test('while it is held, what comes moves nothing, and all of it waits up to the bound', () => {
  fc.assert(
    fc.property(actions, actions, (before, during) => {
      const held = play([...before, { type: 'held' }]);
      const received = during.filter((step) => step.type === 'received');
      const later = play(received, held);
      expect(later.rows).toBe(held.rows);
      const count = received.reduce((sum, { rows }) => sum + rows.length, held.waiting.length);
      expect(later.waiting.length).toBe(Math.min(count, maxLiveRows));
    }),
  );
});

test('whoever catches up sees what waited, and the list stays held', () => {
  const held = play([{ type: 'held' }, { type: 'received', rows: [gapRow(1)] }]);
  const seen = reduceFeed(held, { type: 'caught up' });
  expect(seen).toMatchObject({ held: true, waiting: [], rows: [{ key: '1' }] });
  expect(play([{ type: 'received', rows: [gapRow(2)] }], seen).waiting).toHaveLength(1);
});

test('rows that had to go can be had again from the history', () => {
  const rows = Array.from({ length: maxLiveRows }, (_, index) => gapRow(maxLiveRows - index));
  const full = play([
    { type: 'older received', rows: [], hasMore: false },
    { type: 'received', rows },
  ]);
  expect(full.older).toBe('none');
  const next = play([{ type: 'received', rows: [gapRow(maxLiveRows + 1)] }], full);
  expect(next).toMatchObject({ older: 'more' });
  expect(next.rows).toHaveLength(maxLiveRows);
});

test('an older page that tells again what came meanwhile adds it once', () => {
  const feed = play([
    { type: 'received', rows: [gapRow(3), gapRow(2)] },
    { type: 'older received', rows: [gapRow(2), gapRow(1)], hasMore: true },
  ]);
  expect(numbers(feed.rows)).toEqual([3, 2, 1]);
});
