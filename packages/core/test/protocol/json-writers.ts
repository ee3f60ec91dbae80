import fc, { type Arbitrary } from 'fast-check';

/** Texts full of what means something in JSON, or is hard to write in it. */
export const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'"\\{}[],:/ aé小😀\u0000\n\u007f\ud800\udc00\u2028'.split('')),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
});

/** White space that JSON allows, mostly none. */
const space = fc.oneof(
  { arbitrary: fc.constant(''), weight: 8 },
  fc.constantFrom(' ', '\n', '\t', '\r\n  '),
);

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Writes texts as JSON strings, at times with escapes that JSON.stringify would not use. */
export const stringOf = (text: Arbitrary<string>): Arbitrary<string> =>
  fc
    .tuple(text, fc.oneof({ arbitrary: fc.constant(0), weight: 6 }, fc.integer({ min: 1 })))
    .map(([value, mask]) => {
      if (mask === 0) return JSON.stringify(value);
      const units = value.split('').map((unit, at) => {
        if ((mask >> (at % 31)) & 1) return unit === '/' ? '\\/' : escaped(unit);
        return JSON.stringify(unit).slice(1, -1);
      });
      return `"${units.join('')}"`;
    });

/** A member with a name that is a JSON string, and a value that is JSON. */
export const memberOf = (name: Arbitrary<string>, value: Arbitrary<string>): Arbitrary<string> =>
  fc
    .tuple(space, name, space, space, value, space)
    .map(([before, key, afterKey, beforeValue, json, after]) =>
      [before, key, afterKey, ':', beforeValue, json, after].join(''),
    );

/** An object of such members, in any order. */
export const objectOf = (members: Arbitrary<string[]>): Arbitrary<string> =>
  fc.tuple(space, members).map(([inside, all]) => `{${all.join(',') || inside}}`);

/** Any JSON, in any writing. Half of its names and texts are of those given. */
export const anyJson = (names: readonly string[]): Arbitrary<string> => {
  const text = stringOf(fc.oneof(fc.constantFrom(...names), anyText));
  const { value } = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      text,
      fc.constantFrom(
        'null',
        'true',
        'false',
        '0',
        '-0',
        '1',
        '-1.5e3',
        '1e999',
        '12345678901234567890',
      ),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => JSON.stringify(number)),
      objectOf(fc.array(memberOf(text, tie('value')), { maxLength: 5 })),
      fc.array(tie('value'), { maxLength: 5 }).map((items) => `[${items.join(',')}]`),
    ),
  }));
  return value;
};
