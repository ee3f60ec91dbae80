import { expect, it } from 'vitest';
import { journalOrder } from '../../src/verdict/journal-order.ts';
import { judgeJournal } from '../../src/verdict/judge-journal.ts';
import { unnoticedClocks } from '../../src/verdict/unnoticed-clocks.ts';
import { received, sent, trouble, whats } from './records.ts';

const setBy = (aheadMs: number) =>
  trouble({ kind: 'box clock set', box: 0, aheadMs, ms: 2_000 }, 500, 2_500);
const wrong = setBy(-40_000);
const all = [sent(0), sent(1), sent(2), sent(3)];

/** What is missing of the journal when these events came live, and the rest not at all. */
const judge = (...live: readonly number[]) => judgeSetBy(-40_000, ...live);

const judgeSetBy = (aheadMs: number, ...live: readonly number[]) => {
  const order = journalOrder(live.map((serial) => received(serial)));
  const mayMiss = unnoticedClocks([setBy(aheadMs)], ['lobby', 'garage'], order, all);
  return whats(judgeJournal(order, all, mayMiss));
};

it('takes as it is what a box said by a clock that was set back to before the journal, and set right, while nobody heard it', () => {
  expect(judge(0, 3)).toEqual([]);
});

it('reports what it said by a clock that was set forward, or back to a time that the journal knows', () => {
  expect(judgeSetBy(40_000, 0, 3)).toHaveLength(2);
  expect(judgeSetBy(-1_500, 0, 3)).toEqual([expect.stringContaining('event 2')]);
});

it('reports what it said when something of that time was heard, and at any other time', () => {
  expect(judge(0, 1, 3)).toEqual([expect.stringContaining('event 2')]);
  expect(judge(0)).toEqual([expect.stringContaining('event 3')]);
});

it('reports what another box said at that time', () => {
  const others = all.map((event) => ({ ...event, boxId: 'garage' }));
  const order = journalOrder([]);
  expect(
    judgeJournal(order, others, unnoticedClocks([wrong], ['lobby', 'garage'], order, others)),
  ).toHaveLength(4);
});
