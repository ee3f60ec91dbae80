import { hash } from 'node:crypto';

/** JSON with the members of objects in the order of their names: equal for equal values. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_name, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );

/** Equal for equal values, and short however large they are: a SHA-256 of their canonical JSON. */
export const digestOf = (value: unknown): string =>
  hash('sha256', canonicalJson(value), 'base64url');
