import { expect, it } from 'vitest';
import type { Gap } from '../../src/clients/received.ts';
import { journalOrder } from '../../src/verdict/journal-order.ts';
import { judgeOverlaps } from '../../src/verdict/judge-overlaps.ts';
import { gap, received } from './records.ts';

const judge = (...gaps: readonly Gap[]) =>
  judgeOverlaps(
    journalOrder(gaps.map((each, serial) => received(serial, { gapsBefore: [each] }))),
    0,
  );

it('reports gaps of one box that overlap, wherever they are in the journal', () => {
  expect(judge(gap(0, 1_000), gap(990, 2_000))).toHaveLength(1);
  expect(judge(gap(5_000, 6_000), gap(0, 10_000))).toHaveLength(1);
  expect(judge(gap(0, 10_000), gap(1_000, 2_000), gap(5_000, 6_000))).toHaveLength(2);
});

it('takes gaps that touch, of two boxes, or of the journal as they are', () => {
  expect(judge(gap(0, 1_000), gap(1_000, 2_000))).toEqual([]);
  expect(judge(gap(0, 1_000), gap(999, 2_000))).toEqual([]);
  expect(judge(gap(0, 1_000), gap(0, 1_000, { boxId: 'garage' }))).toEqual([]);
  expect(judge(gap(0, 1_000), gap(0, 1_000, { reason: 'JOURNAL_UNAVAILABLE' }))).toEqual([]);
});

it('takes a gap as it is that begins before the run, longer by what a clock was set forward', () => {
  expect(judge(gap(-3_599_000, 5_000), gap(0, 1_000))).toEqual([]);
});
