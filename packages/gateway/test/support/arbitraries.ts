import { toDeviceId } from '@se5/core';
import fc from 'fast-check';
import type { EventFilter, EventScope } from '../../src/journal/filter.ts';
import type { Recognition } from '../../src/journal/recognition.ts';
import { boxId, recognition, siteId } from './recognitions.ts';

/*
 * Few values of each kind, so that filters meet events. One device id holds a slash and looks
 * like another's full id.
 */
const SITES = ['hq', 'plant'];
const BOXES = ['a', 'b'];
const DEVICES = ['gate', 'door', 'a/gate'];
const PERSON_TYPES = ['EMPLOYEE', 'STRANGER', 'VIP'] as const;
const IDENTITIES = ['', '17', '18'];
const GROUPS = ['', 'staff'];
const time = fc.integer({ min: 0, max: 20 });
const similarity = fc.constantFrom(0, 0.25, 0.5, 1);

export const anyRecognition: fc.Arbitrary<Recognition> = fc
  .record({
    siteId: fc.constantFrom(...SITES.map(siteId)),
    boxId: fc.constantFrom(...BOXES.map(boxId)),
    deviceId: fc.constantFrom(...DEVICES.map(toDeviceId)),
    personType: fc.constantFrom(...PERSON_TYPES),
    identityId: fc.constantFrom(...IDENTITIES),
    groupName: fc.constantFrom(...GROUPS),
    similarity,
    occurredAt: time,
  })
  .map((given) => recognition(given));

const listOf = <T>(values: readonly T[]) => fc.subarray([...values]);

const places = {
  siteIds: listOf(SITES),
  boxIds: listOf(BOXES),
  deviceIds: listOf([...DEVICES, 'b/gate', 'b/door', 'b/a/gate', 'nobody']),
};

const everything = {
  ...places,
  personTypes: listOf(PERSON_TYPES),
  identityIds: listOf(IDENTITIES),
  groupNames: listOf(GROUPS),
  minSimilarity: similarity,
  from: time,
  to: time,
};

/** Says where events come from, and nothing else. Each member may be missing. */
export const anyPlaceFilter: fc.Arbitrary<EventFilter> = fc.record(places, { requiredKeys: [] });

const anyScope: fc.Arbitrary<EventScope> = fc.record(
  {
    siteIds: places.siteIds,
    boxIds: places.boxIds,
    deviceIds: places.deviceIds,
    personTypes: everything.personTypes,
    since: time,
  },
  { requiredKeys: [] },
);

const filters = { ...everything, scopes: fc.array(anyScope, { maxLength: 3 }) };

/** Of two members at most: more of them let next to nothing through. */
export const anyFilter: fc.Arbitrary<EventFilter> = fc
  .tuple(fc.record(filters), fc.subarray(Object.keys(filters), { maxLength: 2 }))
  .map(([filter, kept]) =>
    Object.fromEntries(Object.entries(filter).filter(([key]) => kept.includes(key))),
  );

/** What a filter means, said as plainly as can be; the model that the real one is held to. */
export function matchesModel(filter: EventFilter, event: Recognition): boolean {
  const fullId = `${event.boxId}/${event.deviceId}`;
  return [
    filter.siteIds?.includes(event.siteId),
    filter.boxIds?.includes(event.boxId),
    filter.deviceIds?.some((id) => id === (id.includes('/') ? fullId : event.deviceId)),
    filter.personTypes?.includes(event.personType),
    filter.identityIds?.includes(event.identityId),
    filter.groupNames?.includes(event.groupName),
    filter.minSimilarity === undefined ? undefined : event.similarity >= filter.minSimilarity,
    filter.from === undefined ? undefined : event.occurredAt >= filter.from,
    filter.to === undefined ? undefined : event.occurredAt < filter.to,
    filter.scopes?.some(
      ({ since = 0, ...scope }) => matchesModel(scope, event) && event.receivedAt >= since,
    ),
  ].every((holds) => holds ?? true);
}
