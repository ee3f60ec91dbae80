import type { BoxEntry, DeviceEntry } from '../fleet/directory.ts';
import { type EventFilter, oneOf, oneOfDevices } from '../journal/filter.ts';

/** Whether events of a box with these devices may be among those that a subscriber gets. */
export type Route = (box: BoxEntry, devices: readonly DeviceEntry[]) => boolean;

/** What a subscriber's `deviceIds` and filter say about where events come from, leaving out all else. */
export function compileRoute(
  deviceIds: readonly string[] | undefined,
  filter: EventFilter = {},
): Route {
  const isPlace = isPlaceOf(filter);
  if (!deviceIds && !filter.deviceIds) return isPlace;
  const isWanted = oneOfDevices(deviceIds);
  const isInFilter = oneOfDevices(filter.deviceIds);
  return (box, devices) =>
    isPlace(box) &&
    devices.some(({ deviceId }) => isWanted(box.id, deviceId) && isInFilter(box.id, deviceId));
}

/** Whether the filter lets through where a box is, and the box. */
export function isPlaceOf(filter: EventFilter): (box: BoxEntry) => boolean {
  const isSite = oneOf(filter.siteIds);
  const isBox = oneOf(filter.boxIds);
  return (box) => isSite(box.siteId) && isBox(box.id);
}
