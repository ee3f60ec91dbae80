import { describe, expect, test } from 'vitest';
import { percentilesOf } from '../../src/load/percentiles.ts';
import { Tally } from '../../src/load/tally.ts';

describe('a tally', () => {
  test('settles when all that was awaited has arrived', async () => {
    const tally = new Tally(2);
    tally.begin(false);
    const reached = tally.reach(3);
    tally.arrived(0, 1, 100);
    tally.arrived(1, 2, 200);
    await reached;
    expect(tally).toMatchObject({ total: 3, bytes: 300 });
    expect([...tally.counts]).toEqual([1, 2]);
  });

  test('says what is missing when it does not come in time', async () => {
    const tally = new Tally(1);
    tally.begin(false);
    tally.arrived(0, 1, 100);
    await expect(tally.reach(2, 10)).rejects.toThrow('1 of 2 deliveries came in 10 ms');
  });

  test('takes the nth that arrives at a member for the nth that was sent', () => {
    const tally = new Tally(2);
    tally.begin(true);
    tally.sent();
    tally.arrived(0, 1, 0);
    tally.sent();
    tally.arrived(0, 1, 0);
    tally.arrived(1, 2, 0);
    expect(tally.latencies).toHaveLength(4);
    expect(tally.latencies?.every((ms) => ms >= 0)).toBe(true);
    // The first event took longer to the second member than the second event did.
    expect(tally.latencies?.[2]).toBeGreaterThanOrEqual(tally.latencies?.[3] ?? Number.NaN);
  });
});

test('percentiles are by nearest rank', () => {
  const values = Array.from({ length: 1_000 }, (_, index) => 1_000 - index);
  expect(percentilesOf(values)).toEqual({ p50: 500, p99: 990, p999: 999 });
  expect(percentilesOf([7])).toEqual({ p50: 7, p99: 7, p999: 7 });
});
