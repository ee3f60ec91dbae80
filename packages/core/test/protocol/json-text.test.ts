import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoxError } from '../../src/protocol/errors.ts';
import type { JsonValue } from '../../src/protocol/json.ts';
import { jsonReader } from '../../src/protocol/json-text.ts';

const parseJson = jsonReader(['id']);

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
        fc.pre(!/\d{16}|e\+/.test(text));
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

  it('keeps a number that is written otherwise, as text, where a double does not hold its digits', () => {
    const long = [
      ...['12345678901234567.5', '1e21', '1E+21', '-9.1e15', '1e999', `1${'0'.repeat(21)}`],
      ...['0.62316143512725831234', '-0.00123456789012345678', '0.50000000000000000000'],
      ...['1566016554.02031782', '1.00000000000000000', '1e-400', '-2.5E-999'],
    ];
    expect(parseJson(Buffer.from(`[${long.join(', ')}]`))).toEqual(long);
  });

  it('leaves fractions and exponents of less to JSON.parse, also beside a long integer', () => {
    const text =
      '[0.06231614351272583, 1566016554.0203178, 1e15, -1.5e-7, 1.0, 1.10, -0, 0e5, 12345678901234567890]';
    expect(parseJson(Buffer.from(text))).toEqual([
      ...[0.06231614351272583, 1566016554.0203178, 1e15, -1.5e-7, 1, 1.1, -0, 0],
      '12345678901234567890',
    ]);
  });

  it('keeps each decimal of more than 17 digits as text, and reads those of less as numbers', () => {
    const decimal = fc
      .tuple(
        fc.constantFrom('', '-'),
        fc.oneof(fc.constant('0'), fc.stringMatching(/^[1-9]\d{0,11}$/)),
        fc.stringMatching(/^0{0,4}\d{1,22}$/),
      )
      .map(([sign, whole, part]) => `${sign}${whole}.${part}`);
    const items = fc.constantFrom(':', ' : ', ':[', ':\n[');
    fc.assert(
      fc.property(decimal, items, (number, before) => {
        const json = `{"a"${before}${number}${before.endsWith('[') ? ']' : ''}}`;
        const { a } = parseJson(Buffer.from(json)) as { a: unknown };
        const digits = number.replace('.', '').replace(/^-?0*/, '').length;
        expect([a].flat()).toEqual([digits > 17 ? number : Number(number)]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('keeps each number in a member that holds a name as it is written, however deep', () => {
    const mantissa = fc.tuple(
      fc.constantFrom('', '-'),
      fc.bigInt({ min: 0n, max: 10n ** 25n }),
      fc.option(fc.stringMatching(/^\d{1,20}$/), { nil: undefined }),
      fc.constantFrom('', 'e3', 'E-2', 'e+21'),
    );
    fc.assert(
      fc.property(
        mantissa,
        fc.constantFrom(':', ' :\n'),
        ([sign, whole, part, exponent], colon) => {
          const number = `${sign}${whole}${part === undefined ? '' : `.${part}`}${exponent}`;
          const text = `{"a":[{"id"${colon}${number}}]}`;
          const read = parseJson(Buffer.from(text)) as { a: [{ id: unknown }] };
          expect(String(read.a[0].id)).toBe(number);
        },
      ),
    );
  });

  it('is well-formed UTF-16, in names and values, whatever halves of surrogate pairs are escaped', () => {
    const unit = fc.oneof(
      fc.constantFrom('\ud83d', '\udE00', '\ud83d\ude00', '\\', '\\ud83d', 'u', '"', 'é'),
      fc.integer({ min: 0xd800, max: 0xdfff }).map((code) => String.fromCharCode(code)),
    );
    const text = fc.string({ unit });
    fc.assert(
      fc.property(text, text, fc.boolean(), (name, value, isUpper) => {
        const json = JSON.stringify({ [`a${name}`]: [value] });
        const written = json.replaceAll(/\\(?:u([\da-f]{4})|.)/g, (all, hex?: string) =>
          isUpper && hex !== undefined ? `\\u${hex.toUpperCase()}` : all,
        );
        expect(parseJson(Buffer.from(written))).toEqual({
          [`a${name}`.toWellFormed()]: [value.toWellFormed()],
        });
      }),
    );
  });

  it('may end with NULs', () => {
    expect(parseJson(Buffer.from('{"a":1}\0\0'))).toEqual({ a: 1 });
  });

  it.each([
    ['NULs, as of a buffer of fixed size', '{"name":"gate\0\0"}', 'gate\0\0'],
    ['a tab and a line feed', '{"name":"a\tb\n"}', 'a\tb\n'],
    ['a backslash that begins no escape', '{"name":"a\\xb\\"c\\\\"}', 'a\\xb"c\\'],
  ])('may have in a string %s', (_, text, name) => {
    expect(parseJson(Buffer.from(text))).toEqual({ name });
  });

  it('may end with NULs and white space in any order', () => {
    expect(parseJson(Buffer.from('{"a":1}\0\n\0'))).toEqual({ a: 1 });
  });

  it('may hold runs of NULs, and of escaped backslashes beside half a surrogate pair', () => {
    // Time that grows with the square of these would end no test.
    const nuls = Buffer.from(`"${'\0'.repeat(2_000_000)}x\0`);
    expect(() => parseJson(nuls)).toThrow('not JSON');
    const backslashes = '\\\\'.repeat(1_000_000);
    expect(parseJson(Buffer.from(`"${backslashes}\\ud800"`))).toBe(
      `${'\\'.repeat(1_000_000)}\uFFFD`,
    );
  });

  it('may nest thousands of levels deep beside integers that are kept', () => {
    const long = '12345678901234567890';
    const deep = `${'['.repeat(200_000)}${long}${']'.repeat(200_000)}`;
    const [other, inner] = parseJson(Buffer.from(`[${long},${deep}]`)) as [unknown, JsonValue];
    expect(other).toBe(long);
    let value = inner;
    while (Array.isArray(value)) [value = null] = value;
    expect(value).toBe(long);
  });

  it('is read the same beside what nests too deep for a reviver', () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const text = fc
      .string({ unit: fc.constantFrom('"', '\\', ':', '[', '{', ',', ' ', '1e30', 'id', '小') })
      .map((each) => JSON.stringify(each));
    const number = fc.constantFrom('1.10', '-0', '1e5', '12345678901234567890', '-1.5E-7', '12');
    const name = fc.oneof(fc.constantFrom('"id"', '"i\\u0064"'), text);
    const { json } = fc.letrec<{ json: string }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 4 },
        number,
        text,
        fc.constantFrom('true', 'null'),
        fc.array(tie('json')).map((items) => `[${items.join(' ,')}]`),
        fc
          .array(fc.tuple(name, tie('json')).map((member) => member.join(' :\n')))
          .map((members) => `{${members.join()}}`),
      ),
    }));
    fc.assert(
      fc.property(json, (written) => {
        const alone = parseJson(Buffer.from(`[${written},1e30]`)) as unknown[];
        const beside = parseJson(Buffer.from(`[${written},1e30,${deep}]`)) as unknown[];
        expect(beside[0]).toEqual(alone[0]);
      }),
    );
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
