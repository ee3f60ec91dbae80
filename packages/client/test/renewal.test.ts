import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renewalDelay } from '../src/renewal.ts';

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('the delay of a renewal', () => {
  test('is at most 80 % of the life left, and ends at least 10 s before it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20_000, max: 2 ** 40 }), random, (leftMs, drawn) => {
        const delay = renewalDelay(leftMs, drawn);
        expect(delay).toBeLessThanOrEqual(Math.max(10_000, 0.8 * leftMs));
        expect(delay).toBeLessThanOrEqual(leftMs - 10_000);
      }),
    );
  });

  test('is never shorter than 10 s, and never longer than a timer', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), random, (leftMs, drawn) => {
        const delay = renewalDelay(leftMs, drawn);
        expect(delay).toBeGreaterThanOrEqual(10_000);
        expect(delay).toBeLessThanOrEqual(2 ** 31 - 1);
      }),
    );
  });

  test('of an hour is 48 minutes, less a jitter of up to a tenth', () => {
    expect(renewalDelay(3_600_000, 0)).toBe(2_880_000);
    expect(renewalDelay(3_600_000, 0.999)).toBeGreaterThanOrEqual(2_592_000);
  });
});
