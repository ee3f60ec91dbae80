import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Backoff } from '../../src/box/backoff.ts';
import { withDefaults } from '../../src/box/settings.ts';

const bounds = { min: 500, max: 30_000 };
const highest = () => 1 - Number.EPSILON;
const lowest = () => 0;

const delays = (random: () => number, count: number): number[] => {
  const backoff = new Backoff(bounds, random);
  return Array.from({ length: count }, () => Math.round(backoff.failed()));
};

describe('Backoff', () => {
  it('doubles the ceiling with each failure up to the maximum', () => {
    expect(delays(highest, 8)).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
    ]);
  });

  it('never waits less than the minimum', () => {
    expect(delays(lowest, 8)).toEqual(Array(8).fill(500));
  });

  it('stays within its bounds, however many failures and whatever is drawn', () => {
    const draws = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
      minLength: 1,
      maxLength: 50,
    });
    fc.assert(
      fc.property(
        draws,
        fc.integer({ min: 1, max: 10_000 }),
        fc.nat(60_000),
        (drawn, min, more) => {
          let next = 0;
          const max = min + more;
          const backoff = new Backoff({ min, max }, () => drawn[next++ % drawn.length] ?? 0);
          for (let failure = 0; failure < 1_100; failure += 1) {
            const delay = backoff.failed();
            expect(delay >= min && delay <= max).toBe(true);
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it('counts the failures in a row and begins anew after a reset', () => {
    const backoff = new Backoff(bounds, highest);
    backoff.failed();
    backoff.failed();
    expect(backoff.failures).toBe(2);
    backoff.reset();
    expect(backoff.failures).toBe(0);
    expect(Math.round(backoff.failed())).toBe(1_000);
  });
});

it('waits 3 seconds at most by default, however often a box was out of reach', () => {
  const backoff = new Backoff(withDefaults({ host: 'box' }).backoffMs, () => 1 - Number.EPSILON);
  const delays = Array.from({ length: 20 }, () => backoff.failed());
  expect(Math.max(...delays)).toBeLessThanOrEqual(3_000);
});
