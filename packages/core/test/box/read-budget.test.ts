import { expect, it } from 'vitest';
import { ReadBudget } from '../../src/box/read-budget.ts';
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

const LIMITS = { maxMessagesPerSecond: 100, maxBytesPerSecond: 10_000 };
const never = new AbortController().signal;

it('lets a second of messages through at once, then as many as a second brings', async () => {
  const { clock, slept } = clockOfSleeps();
  const budget = new ReadBudget(LIMITS, clock);
  for (let count = 1; count <= 100; count += 1) expect(budget.isSpentBy(1)).toBe(false);
  for (let count = 1; count <= 10; count += 1) expect(budget.isSpentBy(1)).toBe(true);
  await budget.refilled(never);
  expect(slept).toEqual([100]);
  expect(budget.isSpentBy(1)).toBe(true);
});

it('counts bytes too, and waits after a message that is larger than a second of them', async () => {
  const { clock, slept } = clockOfSleeps();
  const budget = new ReadBudget(LIMITS, clock);
  expect(budget.isSpentBy(10_000)).toBe(false);
  expect(budget.isSpentBy(30_000)).toBe(true);
  await budget.refilled(never);
  expect(slept).toEqual([3_000]);
});

it('waits no longer than somebody wants to hear the box', async () => {
  const { clock, slept } = clockOfSleeps();
  const budget = new ReadBudget(LIMITS, clock);
  budget.isSpentBy(1_000_000);
  await budget.refilled(AbortSignal.abort());
  expect(slept).toEqual([]);
});
