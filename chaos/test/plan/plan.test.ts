import { expect, it } from 'vitest';
import { planFaults } from '../../src/plan/plan.ts';

const options = { seed: 7, seconds: 15, boxes: 5, clients: 50 };

it('is the same for the same seed, and another for another', () => {
  expect(planFaults(options)).toEqual(planFaults(options));
  expect(planFaults({ ...options, seed: 8 })).not.toEqual(planFaults(options));
});

it('has each kind of fault at least once, in the order of time, and over by the end', () => {
  const plan = planFaults(options);
  expect(new Set(plan.map(({ kind }) => kind)).size).toBe(12);
  expect(plan).toEqual(plan.toSorted((one, other) => one.at - other.at));
  const ends = plan.map((fault) => fault.at + ('ms' in fault ? fault.ms : 0));
  expect(Math.max(...ends)).toBeLessThanOrEqual(15_000);
});
