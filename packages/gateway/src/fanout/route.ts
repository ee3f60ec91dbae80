import type { BoxEntry, DeviceEntry } from '../fleet/directory.ts';
import { type EventFilter, oneOf, oneOfDevices } from '../journal/filter.ts';

/** Whether events of a box with these devices may be among those that a subscriber gets. */
export type Route = (box: BoxEntry, devices: readonly DeviceEntry[]) => boolean;

/** What a subscriber's `deviceIds` and filter say about where events come from, leaving out all else. */
export function compileRoute(
  deviceIds: readonly string[] | undefined,
  filter: EventFilter = {},
): Route {
  const isSite = oneOf(filter.siteIds);
  const isBox = oneOf(filter.boxIds);
  if (!deviceIds && !filter.deviceIds) return (box) => isSite(box.siteId) && isBox(box.id);
  const isWanted = oneOfDevices(deviceIds);
  const isInFilter = oneOfDevices(filter.deviceIds);
  return (box, devices) =>
    isSite(box.siteId) &&
    isBox(box.id) &&
    devices.some(({ deviceId }) => isWanted(box.id, deviceId) && isInFilter(box.id, deviceId));
}
