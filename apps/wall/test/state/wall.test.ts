import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Row } from '../../src/state/row.ts';
import {
  emptyWall,
  maxRows,
  reduceWall,
  type Wall,
  type WallAction,
} from '../../src/state/wall.ts';

const gapRow = (number: number): Row => ({
  kind: 'gap',
  key: String(number),
  gap: { reason: 'RETENTION', from: null, to: null, boxId: null, count: null },
});

/** Batches of rows that are numbered as they come, between pauses and resumptions. */
const actions = fc
  .array(
    fc.oneof(
      fc.record({ type: fc.constant('received' as const), count: fc.nat(900) }),
      fc.record({ type: fc.constantFrom('paused' as const, 'resumed' as const) }),
    ),
    { maxLength: 30 },
  )
  .map((steps) => {
    let next = 0;
    return steps.map((step): WallAction => {
      if (step.type !== 'received') return step;
      const rows = Array.from({ length: step.count }, () => gapRow(next++));
      return { type: 'received', rows: rows.toReversed() };
    });
  });

const play = (steps: readonly WallAction[]): Wall => steps.reduce(reduceWall, emptyWall);

test('keeps the newest rows in order, each once, and never more than its bound', () => {
  fc.assert(
    fc.property(actions, (steps) => {
      const { rows } = play([...steps, { type: 'resumed' }]);
      const received = steps.flatMap((step) => (step.type === 'received' ? step.rows : []));
      const newest = received.map(({ key }) => Number(key)).toSorted((a, b) => b - a);
      expect(rows.map(({ key }) => Number(key))).toEqual(newest.slice(0, maxRows));
    }),
  );
});

test('while paused, nothing moves and no more than the bound waits', () => {
  fc.assert(
    fc.property(actions, actions, (before, during) => {
      const paused = play([...before, { type: 'paused' }]);
      const received = during.filter(({ type }) => type === 'received');
      const later = received.reduce(reduceWall, paused);
      expect(later.rows).toBe(paused.rows);
      expect(later.waiting.length).toBeLessThanOrEqual(maxRows);
    }),
  );
});

test('says so when older rows had to go', () => {
  const rows = Array.from({ length: maxRows }, (_, number) => gapRow(number));
  const full = reduceWall(emptyWall, { type: 'received', rows });
  expect(full.trimmed).toBe(false);
  expect(reduceWall(full, { type: 'received', rows: [gapRow(-1)] }).trimmed).toBe(true);
});
