import fc from 'fast-check';
import { expect, it } from 'vitest';
import { entryBytes } from '../../src/journal/entry-bytes.ts';
import { entry, gapEntry } from '../support/journals.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 200 });
const json = fc.dictionary(text, fc.jsonValue({ maxDepth: 5 }));

it('is no less than the texts of an entry take', () => {
  fc.assert(
    fc.property(text, json, (identityName, value) => {
      const extra = JSON.parse(JSON.stringify(value));
      const given = entry({ identityName, identityInfo: extra, extra });
      expect(entryBytes(given)).toBeGreaterThan(2 * JSON.stringify([identityName]).length - 4);
      const texts = [identityName, ...textsOf(extra), ...textsOf(extra)];
      const characters = texts.reduce((sum, each) => sum + each.length, 0);
      expect(entryBytes(given)).toBeGreaterThanOrEqual(2 * characters);
    }),
  );
});

it('grows with what a box puts into `extra`', () => {
  const plain = entryBytes(entry());
  expect(entryBytes(entry({ extra: { text: 'x'.repeat(1_000) } }))).toBeGreaterThan(plain + 1_000);
  expect(entryBytes(entry({ extra: { list: Array(1_000).fill(0) } }))).toBeGreaterThan(
    plain + 8_000,
  );
});

it('counts a gap like an event without texts', () => {
  expect(entryBytes(gapEntry())).toBeGreaterThan(0);
});

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) =>
    Array.isArray(value) ? textsOf(each) : [name, ...textsOf(each)],
  );
}
