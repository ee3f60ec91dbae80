import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64End, cleanBase64, decodedLength } from '../../src/protocol/base64.ts';
import { certainBase64, KERNEL_BYTES } from '../../src/protocol/base64-kernel.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const text = (length: number): Buffer =>
  Buffer.from(ALPHABET.repeat(length / 64 + 1)).subarray(0, length);

/** What `base64End` says, by a regular expression. */
const endByPattern = (bytes: Buffer, start: number): number =>
  start + (/^[A-Za-z0-9+/]*={0,2}/.exec(bytes.toString('latin1', start))?.[0].length ?? 0);

describe('the kernel', () => {
  it('is sure of whole chunks of the alphabet', () => {
    expect(certainBase64(text(KERNEL_BYTES))).toBe(KERNEL_BYTES);
    expect(certainBase64(text(64))).toBe(64);
    expect(certainBase64(text(0))).toBe(0);
  });

  it('finds each byte that is not of the alphabet, wherever it stands', () => {
    for (let byte = 0; byte < 256; byte += 1) {
      const isBase64 = ALPHABET.includes(String.fromCharCode(byte));
      for (let position = 0; position < 128; position += 1) {
        const chunk = Buffer.from(text(128));
        chunk[position] = byte;
        const block = position - (position % 64);
        expect(certainBase64(chunk), `${byte} at ${position}`).toBe(isBase64 ? 128 : block);
      }
    }
  });

  it('forgets what it looked at before', () => {
    certainBase64(Buffer.alloc(256, '='));
    expect(certainBase64(text(256))).toBe(256);
    expect(base64End(text(70), 0)).toBe(70);
  });
});

describe('the end of base64', () => {
  it('is where the alphabet and at most two signs of padding end', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .array(fc.constantFrom(...ALPHABET, '=', '=', '"'), { maxLength: 300 })
        .map((all) => Buffer.from(all.join(''))),
    );
    fc.assert(
      fc.property(bytes, fc.nat(80), (array, offset) => {
        const buffer = Buffer.from(array);
        const start = Math.min(offset, buffer.length);
        expect(base64End(buffer, start)).toBe(endByPattern(buffer, start));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([0, 1, 2, 3])('is found at a distance of %i bytes from where chunks end', (distance) => {
    for (const length of [KERNEL_BYTES - distance, 2 * KERNEL_BYTES + distance]) {
      const bytes = Buffer.concat([text(5), text(length), Buffer.from('"'), text(KERNEL_BYTES)]);
      expect(base64End(bytes, 5)).toBe(5 + length);
    }
  });
});

describe('clean base64', () => {
  it('stays as it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
        const clean = Buffer.from(bytes).toString('base64');
        const found = cleanBase64(clean);
        expect(found?.toString()).toBe(clean);
        expect(found && decodedLength(found)).toBe(bytes.length);
      }),
    );
  });

  it('comes of a data-URI, the URL-safe alphabet, white space and any padding', () => {
    const space = fc.constantFrom('', ' ', '\r\n', '\t');
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1 }),
        fc.constantFrom(
          '',
          'data:image/jpeg;base64,',
          'data:;base64,',
          ' DATA:image/png;name=a;BASE64,',
        ),
        fc.boolean(),
        fc.array(space, { minLength: 1 }),
        fc.constantFrom('', '=', '==', '===', '\n==\n'),
        (bytes, prefix, isUrlSafe, spaces, padding) => {
          const clean = Buffer.from(bytes).toString('base64');
          const characters = Buffer.from(bytes).toString(isUrlSafe ? 'base64url' : 'base64');
          const spaced = characters
            .replaceAll('=', '')
            .replaceAll(/./g, (character, at: number) => character + spaces[at % spaces.length]);
          expect(cleanBase64(prefix + spaced + padding)?.toString()).toBe(clean);
        },
      ),
    );
  });

  it.each([
    '',
    ' ',
    '=',
    '==',
    'A',
    'AAAAA',
    'A=AA',
    'AA"A',
    'AA\\A',
    'AAA\u0141',
    'data:image/jpeg,AAAA',
    'AA\0A',
  ])('does not come of %j', (text) => {
    expect(cleanBase64(text)).toBeUndefined();
  });

  it('is looked for in time that grows with the length alone', () => {
    const long = 2 ** 22;
    for (const text of [
      `${'='.repeat(long)}A=`,
      `${' '.repeat(long)}"`,
      'data:'.repeat(long / 5),
    ]) {
      expect(cleanBase64(text)).toBeUndefined();
    }
  });
});
