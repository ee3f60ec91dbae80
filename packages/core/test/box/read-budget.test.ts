import { expect, it } from 'vitest';
import { type BudgetedReader, ReadBudget } from '../../src/box/read-budget.ts';
import type { Clock } from '../../src/clock.ts';

/** A clock that moves only while somebody sleeps, and keeps for how long. */
function clockOfSleeps() {
  const slept: number[] = [];
  let instant = 0;
  const clock: Clock = {
    now: () => instant,
    elapsed: () => instant,
    boot: undefined,
    async sleep(ms) {
      slept.push(ms);
      instant += ms;
    },
  };
  return { clock, slept };
}

/** A reader that keeps its rests. */
function reader() {
  const rests: Promise<void>[] = [];
  const rest: BudgetedReader['rest'] = (over) => void rests.push(over);
  return { rest, rests };
}

const LIMITS = { maxMessagesPerSecond: 100, maxBytesPerSecond: 10_000 };
const never = new AbortController().signal;

it('lets a second of messages through at once, then as many as a second brings', async () => {
  const { clock, slept } = clockOfSleeps();
  const budget = new ReadBudget(LIMITS, clock, never);
  const box = reader();
  for (let count = 1; count <= 100; count += 1) budget.spend(1, box);
  expect(box.rests).toEqual([]);
  budget.spend(1, box);
  await box.rests[0];
  expect(slept).toEqual([10]);
  budget.spend(1, box);
  await box.rests[1];
  expect(slept).toEqual([10, 10]);
});

it('counts bytes too, and waits after a message that is larger than a second of them', async () => {
  const { clock, slept } = clockOfSleeps();
  const budget = new ReadBudget(LIMITS, clock, never);
  const box = reader();
  budget.spend(10_000, box);
  expect(box.rests).toEqual([]);
  budget.spend(30_000, box);
  await box.rests[0];
  expect(slept).toEqual([3_000]);
});

it('rests each reader that reads during a debt, once until the debt is paid', async () => {
  const { clock, slept } = clockOfSleeps();
  const budget = new ReadBudget(LIMITS, clock, never);
  const [first, second, third] = [reader(), reader(), reader()];
  budget.admit(first);
  for (let count = 1; count <= 150; count += 1) budget.spend(1, first);
  for (let count = 1; count <= 50; count += 1) budget.spend(1, second);
  budget.admit(third);
  expect(first.rests).toHaveLength(1);
  for (const { rests } of [second, third]) expect(rests).toEqual(first.rests);

  await first.rests[0];
  // The first wait was for the first frame above the budget, the second one for all others.
  expect(slept).toEqual([10, 990]);
  budget.admit(third);
  expect(third.rests).toHaveLength(1);
  budget.spend(1, first);
  expect(first.rests).toHaveLength(2);
});

it('waits no longer than somebody wants to hear the box', async () => {
  const { clock, slept } = clockOfSleeps();
  const budget = new ReadBudget(LIMITS, clock, AbortSignal.abort());
  const box = reader();
  budget.spend(1_000_000, box);
  await box.rests[0];
  expect(slept).toEqual([]);
});
