import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAlike } from '../../src/react/use-stable.ts';

test('JSON values are alike when they are deep-equal', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 2 }), fc.jsonValue({ maxDepth: 2 }), (a, b) => {
      expect(isAlike(a, structuredClone(a))).toBe(true);
      expect(isAlike({ a, b }, { b: structuredClone(b), a })).toBe(true);
      expect(isAlike({ a }, { a: b })).toBe(isDeepStrictEqual(a, b));
    }),
  );
});

test('a member that is left out is undefined, and functions are alike', () => {
  expect(isAlike({ filter: undefined }, {})).toBe(true);
  expect(isAlike({ filter: null }, {})).toBe(false);
  expect(isAlike({ token: () => 'a' }, { token: () => 'b' })).toBe(true);
  expect(isAlike({ token: () => 'a' }, { token: 'a' })).toBe(false);
});
