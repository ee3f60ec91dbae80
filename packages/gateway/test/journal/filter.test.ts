import { toDeviceId } from '@se5/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilter } from '../../src/journal/filter.ts';
import { anyFilter, anyRecognition, matchesModel } from '../support/arbitraries.ts';
import { boxId, recognition } from '../support/recognitions.ts';

describe('compileFilter', () => {
  it('lets through exactly what the filter says, for any filter and event', () => {
    fc.assert(
      fc.property(anyFilter, anyRecognition, (filter, event) => {
        expect(compileFilter(filter)(event)).toBe(matchesModel(filter, event));
      }),
      { numRuns: 2_000 },
    );
  });

  it('lets everything through when it is empty', () => {
    expect(compileFilter({})(recognition())).toBe(true);
  });

  it.each(['siteIds', 'boxIds', 'deviceIds', 'personTypes', 'identityIds', 'groupNames'])(
    'lets nothing through when %s is an empty list',
    (list) => {
      expect(compileFilter({ [list]: [] })(recognition())).toBe(false);
    },
  );

  it('takes a device id in full, or bare for that device of every box', () => {
    const gateOf = (box: string) =>
      recognition({ boxId: boxId(box), deviceId: toDeviceId('gate') });
    const full = compileFilter({ deviceIds: ['a/gate'] });
    const bare = compileFilter({ deviceIds: ['gate'] });
    expect([gateOf('a'), gateOf('b')].map(full)).toEqual([true, false]);
    expect([gateOf('a'), gateOf('b')].map(bare)).toEqual([true, true]);
  });

  it('includes its beginning and leaves out its end', () => {
    const isWithin = compileFilter({ from: 10, to: 20 });
    const at = (occurredAt: number) => isWithin(recognition({ occurredAt }));
    expect([9, 10, 19, 20].map(at)).toEqual([false, true, true, false]);
  });
});
