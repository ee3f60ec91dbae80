import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromSearch, isFiltering, noFilters, toSearch } from '../../src/state/filters.ts';
import { personTypes } from '../../src/ui/person-types.ts';

test('filters survive the way through the address', () => {
  const filters = fc.record({
    siteIds: fc.array(fc.string({ unit: 'binary' })),
    deviceIds: fc.array(fc.string({ unit: 'binary' })),
    personTypes: fc.subarray([...personTypes]),
  });
  fc.assert(
    fc.property(filters, (chosen) => {
      expect(fromSearch(toSearch(chosen))).toEqual(chosen);
    }),
  );
});

test('an address without filters, or with words that are none, shows everything', () => {
  expect(fromSearch('')).toEqual(noFilters);
  expect(isFiltering(fromSearch('?type=NOBODY&other=1'))).toBe(false);
});
