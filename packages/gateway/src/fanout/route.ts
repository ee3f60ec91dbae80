import type { BoxEntry, DeviceEntry } from '../fleet/directory.ts';
import { type EventFilter, type EventScope, oneOf, oneOfDevices } from '../journal/filter.ts';

/** Whether events of a box with these devices may be among those that a subscriber gets. */
export type Route = (box: BoxEntry, devices: readonly DeviceEntry[]) => boolean;

/** What a subscriber's `deviceIds` and filter say about where events come from, leaving out all else. */
export function compileRoute(
  deviceIds: readonly string[] | undefined,
  filter: EventFilter = {},
): Route {
  const { scopes } = filter;
  if (!scopes) return compilePlaces([deviceIds, filter.deviceIds], [filter]);
  const routes = scopes.map((scope) =>
    compilePlaces([deviceIds, filter.deviceIds, scope.deviceIds], [filter, scope]),
  );
  return (box, devices) => routes.some((route) => route(box, devices));
}

function compilePlaces(
  deviceLists: readonly (readonly string[] | undefined)[],
  places: readonly EventScope[],
): Route {
  const arePlaces = places.map(isPlaceOf);
  const isPlace = (box: BoxEntry): boolean => arePlaces.every((isOne) => isOne(box));
  const lists = deviceLists.filter((list) => list !== undefined);
  if (lists.length === 0) return isPlace;
  const areWanted = lists.map(oneOfDevices);
  return (box, devices) =>
    isPlace(box) &&
    devices.some(({ deviceId }) => areWanted.every((isWanted) => isWanted(box.id, deviceId)));
}

/** Whether the filter, or the scope, lets through where a box is, and the box. */
export function isPlaceOf(filter: EventScope): (box: BoxEntry) => boolean {
  const isSite = oneOf(filter.siteIds);
  const isBox = oneOf(filter.boxIds);
  return (box) => isSite(box.siteId) && isBox(box.id);
}
