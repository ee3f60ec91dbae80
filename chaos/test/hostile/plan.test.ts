import { expect, it } from 'vitest';
import { ATTACK_NAMES } from '../../src/hostile/attack.ts';
import { planAttacks } from '../../src/hostile/plan.ts';

const options = { seed: 7, seconds: 20, scale: 1 };

it('is the same for the same seed, and another for another', () => {
  expect(planAttacks(options)).toEqual(planAttacks(options));
  expect(planAttacks({ ...options, seed: 8 })).not.toEqual(planAttacks(options));
});

it('has each kind of attack at least once, in the order of time, and over by the end', () => {
  const plan = planAttacks(options);
  expect(new Set(plan.map(({ name }) => name))).toEqual(new Set(ATTACK_NAMES));
  expect(plan).toEqual(plan.toSorted((one, other) => one.at - other.at));
  expect(Math.max(...plan.map(({ at, ms }) => at + ms))).toBeLessThanOrEqual(20_000);
});

it('has more attacks in a longer run, none larger than the scale says', () => {
  const plan = planAttacks({ ...options, seconds: 180, scale: 0.5 });
  expect(plan.length).toBeGreaterThan(3 * ATTACK_NAMES.length);
  for (const { scale } of plan) {
    expect(scale).toBeGreaterThan(0);
    expect(scale).toBeLessThanOrEqual(0.5);
  }
});

it('has the kinds alone that it is asked for', () => {
  const plan = planAttacks({ ...options, only: ['event-flood'] });
  expect(new Set(plan.map(({ name }) => name))).toEqual(new Set(['event-flood']));
});
