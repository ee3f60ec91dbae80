import { expect, it } from 'vitest';
import { latencyOf } from '../../../src/hostile/verdict/latency.ts';

const phases = { quiet: { from: 0, to: 100 }, hostile: { from: 100, to: 200 } };

const timings = (from: number, all: readonly number[]) =>
  all.map((ms, index) => ({ at: from + index, ms }));

const spread = (most: number) =>
  Array.from({ length: 100 }, (_, index) => (most * (index + 1)) / 100);

it('takes the 99th of a hundred of each phase, and lets the hostile one be three times as long', () => {
  const latency = latencyOf(
    'events',
    [...timings(0, spread(200)), ...timings(100, spread(1_000)), { at: 200, ms: 9_999 }],
    phases,
  );
  expect(latency).toMatchObject({
    samples: { quiet: 100, hostile: 100 },
    quietP99: 198,
    hostileP99: 990,
    hostileMost: 1_000,
    bound: 594,
  });
});

it('takes nothing below 100 ms for late, however quick it is quietly', () => {
  expect(latencyOf('events', timings(0, spread(3)), phases).bound).toBe(100);
  expect(latencyOf('events', [], phases)).toMatchObject({ hostileP99: 0, bound: 100 });
});
