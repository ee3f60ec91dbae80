import { toDeviceId } from '@se5/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RoutingIndex, type RoutingTarget } from '../../src/fanout/routing-index.ts';
import { SharedFilters } from '../../src/fanout/shared-filters.ts';
import type { EventFilter } from '../../src/journal/filter.ts';
import type { EventRecord, Position } from '../../src/journal/journal.ts';
import type { Recognition } from '../../src/journal/recognition.ts';
import { anyFilter, anyRecognition, matchesModel } from '../support/arbitraries.ts';
import { recognition } from '../support/recognitions.ts';

let position = 0;
const recordOf = (event: Recognition): EventRecord => {
  position += 1;
  return { kind: 'event', event, position: position as Position };
};

const filters = new SharedFilters();

function targetOf(deviceIds: readonly string[] | undefined, filter: EventFilter): RoutingTarget {
  const shared = filters.acquire(filter);
  return { deviceIds, filter, passes: (record) => shared.passes(record) };
}

const anyTarget = fc
  .tuple(
    fc.option(fc.subarray(['gate', 'door', 'a/gate', 'b/gate', 'nobody']), { nil: undefined }),
    anyFilter,
  )
  .map(([deviceIds, filter]) => targetOf(deviceIds, filter));

describe('the routing index', () => {
  it('finds exactly those whose devices and filter let the event through, each once', () => {
    fc.assert(
      fc.property(
        fc.array(anyTarget, { maxLength: 20 }),
        fc.array(anyTarget, { maxLength: 5 }),
        fc.array(anyRecognition, { maxLength: 10 }),
        (targets, gone, events) => {
          const index = new RoutingIndex<RoutingTarget>();
          for (const target of [...gone, ...targets]) index.add(target);
          for (const target of gone) index.delete(target);
          for (const event of events) {
            const wanted = targets.filter(
              ({ deviceIds, filter }) =>
                matchesModel({ ...(deviceIds && { deviceIds }) }, event) &&
                matchesModel(filter, event),
            );
            const found = index.matching(recordOf(event));
            expect(found).toHaveLength(wanted.length);
            expect(new Set(found)).toEqual(new Set(wanted));
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('looks only at those who named the device, its box or its site, or no place', () => {
    const index = new RoutingIndex<RoutingTarget>();
    for (let i = 0; i < 100; i += 1) {
      index.add(targetOf([`d${i}`], {}));
      index.add(targetOf(undefined, { boxIds: [`box-${i}`] }));
      index.add(targetOf(undefined, { siteIds: [`site-${i}`] }));
      index.add(targetOf(undefined, { deviceIds: [`d${i}`], boxIds: [`box-${i}`] }));
    }
    index.add(targetOf(undefined, { personTypes: ['VIP'] }));
    index.matching(recordOf(recognition({ deviceId: toDeviceId('d7') })));
    expect(index.candidatesExamined).toBe(3);
  });

  it('asks a filter once for an event, however many say the same', () => {
    const own = new SharedFilters();
    const first = own.acquire({ personTypes: ['VIP', 'VISITOR'] });
    expect(own.acquire({ personTypes: ['VISITOR', 'VIP', 'VIP'] })).toBe(first);
    let asked = 0;
    const event = new Proxy(recognition(), {
      get(target, name) {
        if (name === 'personType') asked += 1;
        return Reflect.get(target, name);
      },
    });
    const record = recordOf(event);
    expect([first.passes(record), first.passes(record)]).toEqual([true, true]);
    expect(asked).toBe(1);
    own.release(first);
    own.release(first);
    expect(own.acquire({ personTypes: ['VIP', 'VISITOR'] })).not.toBe(first);
  });
});
