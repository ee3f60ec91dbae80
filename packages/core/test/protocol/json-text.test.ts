import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoxError } from '../../src/protocol/errors.ts';
import { parseJson } from '../../src/protocol/json-text.ts';

function errorFor(bytes: Buffer): BoxError {
  try {
    parseJson(bytes);
  } catch (error) {
    if (error instanceof BoxError) return error;
    throw error;
  }
  throw new Error('It was read');
}

describe('JSON text', () => {
  it('is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(!/\d{16}/.test(text));
        expect(parseJson(Buffer.from(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('keeps the digits of each integer, as a number as far as that holds them', () => {
    const integer = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
    fc.assert(
      fc.property(fc.array(integer), fc.array(fc.integer()), (long, short) => {
        const text = `{"long":[${long.join(', ')}],"short":[${short.join(',')}]}`;
        const read = parseJson(Buffer.from(text)) as { long: unknown[]; short: unknown[] };
        expect(read.long.map(String)).toEqual(long.map(String));
        expect(read.short).toEqual(short);
      }),
    );
  });

  it('leaves fractions and exponents to JSON.parse, also beside a long integer', () => {
    const text = '[0.6231614351272583, 1566016554.0203178, 1e21, -1.5e-7, 12345678901234567890]';
    expect(parseJson(Buffer.from(text))).toEqual([
      ...[0.6231614351272583, 1566016554.0203178, 1e21, -1.5e-7],
      '12345678901234567890',
    ]);
  });

  it('is refused when it nests too deep for its integers to be kept', () => {
    const deep = `${'['.repeat(200_000)}12345678901234567890${']'.repeat(200_000)}`;
    expect(errorFor(Buffer.from(deep)).code).toBe('MALFORMED_MESSAGE');
  });

  it('may begin with a byte order mark, but with one only', () => {
    expect(parseJson(Buffer.from('\uFEFF{"a":"\uFEFF"}'))).toEqual({ a: '\uFEFF' });
    expect(errorFor(Buffer.from('\uFEFF\uFEFF{}')).code).toBe('MALFORMED_MESSAGE');
  });

  it.each([
    ['a byte that begins nothing', Buffer.from([0x7b, 0x22, 0xe5, 0xb0, 0x8f, 0xff, 0x22]), 5],
    ['an overlong form', Buffer.from([0x22, 0xc0, 0xaf, 0x22]), 1],
    ['a surrogate', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 1],
    ['the end within a character', Buffer.from([0x22, 0xe5, 0xb0]), 1],
  ])('is refused with the offset of what is not UTF-8: %s', (_, bytes, offset) => {
    const { code, detail } = errorFor(bytes);
    expect({ code, detail }).toEqual({ code: 'MALFORMED_MESSAGE', detail: { offset } });
  });

  it('is refused with the offset in bytes where it breaks', () => {
    expect(errorFor(Buffer.from('{"小":1 x')).detail.offset).toBe(Buffer.byteLength('{"小":1 '));
    expect(errorFor(Buffer.from('\uFEFF{"a" 1}')).detail.offset).toBe(
      Buffer.byteLength('\uFEFF{"a" '),
    );
  });

  it('is never quoted by the error', () => {
    const error = errorFor(Buffer.from('{"identity_name": secret}'));
    expect(error.code).toBe('MALFORMED_MESSAGE');
    expect(error.cause).toBeUndefined();
    expect(`${error.message}${error.stack}`).not.toContain('secret');
  });
});
