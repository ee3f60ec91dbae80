import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  fromSearch,
  isFiltering,
  noFilters,
  toEventFilter,
  toSearch,
} from '../../src/state/filters.ts';
import { personTypes } from '../../src/ui/person-types.ts';

test('filters survive the way through the address', () => {
  const filters = fc.record({
    siteIds: fc.array(fc.string({ unit: 'binary' })),
    deviceIds: fc.array(fc.string({ unit: 'binary' })),
    personTypes: fc.subarray([...personTypes]),
    identityIds: fc.array(fc.string({ unit: 'binary' })),
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

test('the gateway is not asked for a list where none is chosen: an empty one means nothing to it', () => {
  expect(toEventFilter(noFilters)).toEqual({});
  const chosen = { ...noFilters, personTypes: ['BLACKLIST'] as const };
  expect(toEventFilter(chosen)).toEqual({ personTypes: ['BLACKLIST'] });
});
