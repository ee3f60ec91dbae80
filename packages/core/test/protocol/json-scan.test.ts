import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { skipString } from '../../src/protocol/json-scan.ts';

/** Where a reader that goes from byte to byte finds the end. */
function endOf(text: string): number {
  for (let at = 1; at < text.length; at += 1) {
    if (text[at] === '"') return at + 1;
    if (text[at] === '\\') at += 1;
  }
  return text.length + 1;
}

const piece = fc.oneof(
  fc.integer({ min: 0, max: 600 }).map((length) => 'x'.repeat(length)),
  fc.integer({ min: 1, max: 5 }).map((count) => '\\'.repeat(count)),
  fc.constantFrom('\\"', 'é', '\\u0022'),
  { arbitrary: fc.constant('"'), weight: 1 },
);

describe('a string that is stepped over', () => {
  it('ends where it ends for who reads each byte, however long it is and whatever it escapes', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = Buffer.from(`"${pieces.join('')}`).toString('latin1');
        expect(skipString(Buffer.from(text, 'latin1'), 0)).toBe(endOf(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['a plain one', 'x'],
    ['one of escaped quotes', '\\"'],
    ['one of backslashes', '\\\\'],
  ])('takes time by its length: %s', (_, unit) => {
    const bytes = Buffer.from(`"${unit.repeat(2 ** 21)}"`);
    expect(skipString(bytes, 0)).toBe(bytes.length);
  });
});
