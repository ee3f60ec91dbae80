import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, decodeOrdinary, MAX_EVENT_VALUES } from '../../src/protocol/decode.ts';
import { holdsMoreValues } from '../../src/protocol/json-size.ts';
import { sample, v5 } from './messages.ts';

/** Values of any JSON, an empty array or object counted as if it held one more. */
function valuesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  const below = Object.values(value).reduce((sum: number, item) => sum + valuesIn(item), 0);
  return 1 + Math.max(1, below);
}

describe('the number of values in JSON', () => {
  it('is never taken for less than it is, and only empty lists and objects count for more', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const bytes = Buffer.from(JSON.stringify(value, undefined, 1));
        const values = valuesIn(value);
        expect(holdsMoreValues(bytes, values)).toBe(false);
        if (values > 1) expect(holdsMoreValues(bytes, values - 1)).toBe(true);
      }),
    );
  });
});

describe('a message with more values than an event has', () => {
  const members = Object.fromEntries(
    Array.from({ length: MAX_EVENT_VALUES }, (_, i) => [`m${i}`, 0]),
  );

  it.each([
    ['members', { ...sample, ...members }],
    ['items', { ...sample, list: Array(MAX_EVENT_VALUES).fill(0) }],
    ['members of a member', { ...sample, identity_info: members }],
  ])('(%s) is unreadable, and never parsed', (_kind, event) => {
    const message = Buffer.from(JSON.stringify(event));
    const expected = {
      ok: false,
      error: { code: 'INVALID_EVENT', message: expect.stringContaining('10000') },
    };
    expect(decode(message, v5)).toMatchObject(expected);
    expect(decodeOrdinary(message, v5)).toMatchObject(expected);
  });
});
