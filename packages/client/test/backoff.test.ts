import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffDelay } from '../src/backoff.ts';

const bounds = { min: 500, max: 30_000 };
const attempt = fc.integer({ min: 1, max: 2000 });

test('a delay is between the floor and a ceiling that doubles up to the bound', () => {
  fc.assert(
    fc.property(
      attempt,
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (n, random) => {
        const delay = backoffDelay(n, bounds, random);
        expect(delay).toBeGreaterThanOrEqual(500);
        expect(delay).toBeLessThanOrEqual(Math.min(30_000, 500 * 2 ** n));
      },
    ),
  );
});

test('the whole range under the ceiling is used, so that clients spread out', () => {
  expect(backoffDelay(1, bounds, 0)).toBe(500);
  expect(backoffDelay(1, bounds, 0.5)).toBe(750);
  expect(backoffDelay(3, bounds, 0.999_999)).toBeCloseTo(4000, 0);
  expect(backoffDelay(50, bounds, 0.999_999)).toBeCloseTo(30_000, 0);
});
