import fc from 'fast-check';
import { GraphQLScalarType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildSchema } from '../../src/schema/schema.ts';

const dateTime = buildSchema().getType('DateTime');
if (!(dateTime instanceof GraphQLScalarType)) throw new TypeError('DateTime is no scalar');

describe('DateTime', () => {
  it('goes out in UTC with milliseconds', () => {
    expect(dateTime.coerceOutputValue(1_769_848_200_000)).toBe('2026-01-31T08:30:00.000Z');
  });

  it.each([
    ['2026-01-31T16:30:00+08:00', 1_769_848_200_000],
    ['2026-01-31T08:30:00Z', 1_769_848_200_000],
    ['2026-01-31T08:30:00.1239Z', 1_769_848_200_123],
    ['2024-02-29T00:00:00-03:30', 1_709_177_400_000],
  ])('takes %s', (text, ms) => {
    expect(dateTime.coerceInputValue(text)).toBe(ms);
  });

  it.each([
    '2026-01-31T08:30:00',
    '2026-01-31T08:30Z',
    '2026-01-31',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    'yesterday',
    '',
    1_769_848_200_000,
    null,
  ])('refuses %j, and says what it wants', (value) => {
    expect(() => dateTime.coerceInputValue(value)).toThrow(/ISO 8601.*offset.*2026-01-31T08:30/);
  });

  it('comes back as it went out', () => {
    const years0To9999 = {
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    };
    fc.assert(
      fc.property(fc.date(years0To9999), (date) => {
        const ms = date.getTime();
        expect(dateTime.coerceInputValue(dateTime.coerceOutputValue(ms))).toBe(ms);
      }),
    );
  });
});
