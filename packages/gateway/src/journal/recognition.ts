import type { DeviceId, EventDeviceType, JsonObject, PersonType, PictureSlot } from '@se5/core';
import type { BoxId, SiteId } from '../config/ids.ts';
import type { ImageKey } from '../images/image-store.ts';

declare const eventId: unique symbol;
/** Stable over restarts: a hash of what makes the event itself and no other. */
export type EventId = string & { readonly [eventId]: true };

/** One recognition as the gateway knows it. Pictures are in the image store, under their keys. */
export interface Recognition {
  readonly id: EventId;
  readonly siteId: SiteId;
  readonly boxId: BoxId;
  readonly deviceId: DeviceId;
  /** The box's clock, ms since the Unix epoch. */
  readonly occurredAt: number;
  /** Our clock, ms since the Unix epoch. */
  readonly receivedAt: number;
  readonly delivery: 'LIVE' | 'BACKFILLED';
  readonly personType: PersonType;
  readonly identityId: string;
  readonly identityName: string;
  readonly groupName: string;
  readonly identityInfo: JsonObject;
  /** As the box sent it. */
  readonly score: number;
  /** The score on a scale of 0 to 1. */
  readonly similarity: number;
  readonly deviceType: EventDeviceType;
  readonly deviceIp: string | undefined;
  readonly pictures: { readonly [slot in PictureSlot]?: EventPicture };
  readonly extra: JsonObject;
}

export interface EventPicture {
  readonly key: ImageKey;
  /** Size of the decoded picture, in bytes. */
  readonly byteLength: number;
  readonly contentType: string;
}
