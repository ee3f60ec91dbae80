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
const areConsecutive = (list: readonly number[]) =>
  list.every((number, index) => index === 0 || number === (list[index - 1] ?? 0) - 1);

/** `count` rows, newest first, the newest with the number `first`. */
const rowsFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => gapRow(first - index));

/**
 * Batches of rows that are numbered as they come, between holds, and pages of older ones, each of
 * which is asked for some steps before it comes.
 */
const actions = fc
  .array(
    fc.oneof(
      fc.record({ type: fc.constant('received' as const), count: fc.nat(900) }),
      fc.record({
        type: fc.constantFrom(
          'held' as const,
          'released' as const,
          'caught up' as const,
          'older wanted' as const,
        ),
      }),
      fc.record({ type: fc.constant('older received' as const), count: fc.nat(60) }),
    ),
    { maxLength: 30 },
  )
  .map((steps) => {
    let newest = 0;
    let feed = emptyFeed;
    let asked = { behind: undefined as string | undefined, first: 0 };
    const actionOf = (step: (typeof steps)[number]): FeedAction => {
      if (step.type === 'received') {
        newest += step.count;
        return { type: 'received', rows: rowsFrom(newest, step.count) };
      }
      if (step.type === 'older received') {
        const rows = rowsFrom(asked.first, step.count);
        return { type: 'older received', behind: asked.behind, rows, hasMore: true };
      }
      return step;
    };
    return steps.map((step) => {
      const action = actionOf(step);
      feed = reduceFeed(feed, action);
      if (action.type === 'older wanted') {
        const behind = feed.rows.at(-1)?.key;
        asked = { behind, first: behind === undefined ? newest : Number(behind) - 1 };
      }
      return action;
    });
  });

const play = (steps: readonly FeedAction[], from = emptyFeed): Feed =>
  steps.reduce(reduceFeed, from);

test('rows are newest first without a hole, within their bounds, whatever comes', () => {
  fc.assert(
    fc.property(actions, (steps) => {
      const { rows, waiting } = play(steps);
      expect(areConsecutive(numbers(rows))).toBe(true);
      expect(areConsecutive(numbers(waiting))).toBe(true);
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
  const full = play([
    { type: 'older received', behind: undefined, rows: [], hasMore: false },
    { type: 'received', rows: rowsFrom(maxLiveRows, maxLiveRows) },
  ]);
  expect(full.older).toBe('none');
  const next = play([{ type: 'received', rows: [gapRow(maxLiveRows + 1)] }], full);
  expect(next).toMatchObject({ older: 'more' });
  expect(next.rows).toHaveLength(maxLiveRows);
});

test('a page that was asked for behind a row that had to go is asked for again', () => {
  const feed = play([
    { type: 'received', rows: rowsFrom(maxLiveRows, maxLiveRows) },
    { type: 'older wanted' },
    { type: 'received', rows: [gapRow(maxLiveRows + 1)] },
    { type: 'older received', behind: '1', rows: rowsFrom(0, 50), hasMore: false },
  ]);
  expect(numbers(feed.rows).at(-1)).toBe(2);
  expect(feed.older).toBe('more');
});

test('an older page that tells again what came meanwhile adds it once', () => {
  const feed = play([
    { type: 'held' },
    { type: 'received', rows: [gapRow(3), gapRow(2)] },
    { type: 'older received', behind: undefined, rows: [gapRow(2), gapRow(1)], hasMore: true },
    { type: 'caught up' },
  ]);
  expect(numbers(feed.rows)).toEqual([3, 2, 1]);
});
