import type { PictureSlot } from '@se5/core';
import type { PermissionClass } from '../access/permission-class.ts';
import type { PictureWant } from '../fleet/demand.ts';
import { compileRoute } from './route.ts';
import type { SubscriptionGroup } from './subscription-group.ts';
import type { SubscriptionRequest } from './subscription-request.ts';

/** Which pictures are asked of which boxes for a group: those that it may see, and no others. */
export function permittedWants(
  group: SubscriptionGroup,
  {
    deviceIds,
    filter = {},
    pictures,
  }: Pick<SubscriptionRequest, 'deviceIds' | 'filter' | 'pictures'>,
  permissionClass: PermissionClass,
): PictureWant[] {
  if (pictures.length === 0) return [];
  if (permissionClass.isUnlimited) {
    return [{ pictures: demandFor(pictures), reaches: group.reaches }];
  }
  return pictures.flatMap((slot) => {
    const shown = permissionClass.showing(slot, filter);
    return shown ? [{ pictures: demandFor([slot]), reaches: compileRoute(deviceIds, shown) }] : [];
  });
}

const demandFor = (slots: readonly PictureSlot[]): PictureWant['pictures'] => ({
  live: slots.includes('face') || slots.includes('scene'),
  registered: slots.includes('registered'),
});
