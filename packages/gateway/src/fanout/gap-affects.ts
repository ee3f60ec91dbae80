import { isBareId } from '../config/bare-id.ts';
import type { Directory } from '../fleet/directory.ts';
import type { EventFilter, EventScope } from '../journal/filter.ts';
import type { Gap } from '../journal/gap.ts';
import { isPlaceOf } from './route.ts';
import type { SubscriptionGroup } from './subscription-group.ts';

/**
 * Whether a gap may have cost the group events. Where that can't be known it is told rather than
 * hidden: of a box that is configured no longer, of one that has not said yet which devices it
 * has, and of a device that is named with its box, whether or not that has it now.
 */
export function gapAffects(
  group: SubscriptionGroup,
  { boxId }: Gap,
  directory: Directory,
): boolean {
  const box = boxId === null ? undefined : directory.box(boxId);
  if (!box) return boxId === null || mayNameBox(group.filter, boxId);
  const { deviceIds, filter } = group;
  const devices = directory.knownDevices(box.id);
  if (group.reaches(box, devices)) return true;
  const mayBeOfBox = (id: string): boolean =>
    isBareId(id) ? devices.length === 0 : id.startsWith(`${box.id}/`);
  const mayBeAmong = (ids: readonly string[] | undefined): boolean => !ids || ids.some(mayBeOfBox);
  const mayHave = (scope: EventScope): boolean =>
    isPlaceOf(scope)(box) && mayBeAmong(scope.deviceIds);
  return mayHave(filter) && mayBeAmong(deviceIds) && (filter.scopes?.some(mayHave) ?? true);
}

/** Of a box that is configured no longer, whose site nobody knows: whether a viewer may see it. */
const mayNameBox = ({ scopes }: EventFilter, boxId: string): boolean =>
  scopes?.some(
    ({ siteIds, boxIds, deviceIds }) =>
      siteIds === undefined &&
      (boxIds === undefined || boxIds.includes(boxId)) &&
      (deviceIds === undefined ||
        deviceIds.some((id) => isBareId(id) || id.startsWith(`${boxId}/`))),
  ) ?? true;
