import { type BoxDevice, type BoxEvent, type Picture, toDeviceId } from '@se5/core';
import type { BoxConfig, SiteConfig } from '../../src/config/config.ts';
import { type BoxId, boxIdSchema, type SiteId, siteIdSchema } from '../../src/config/ids.ts';
import type { PictureOrigin } from '../../src/images/image-store.ts';
import type { Gap } from '../../src/journal/gap.ts';
import type { EventId, Recognition } from '../../src/journal/recognition.ts';

export const boxId = (text: string): BoxId => boxIdSchema.parse(text);
export const siteId = (text: string): SiteId => siteIdSchema.parse(text);

/** A picture whose base64 is as given; its content is no concern of these tests. */
export const picture = (base64: string): Picture => ({
  base64: Buffer.from(base64, 'latin1'),
  byteLength: Math.floor((base64.length * 3) / 4),
  contentType: 'image/jpeg',
});

export const boxEvent = (given: Partial<BoxEvent> = {}): BoxEvent => ({
  deviceId: toDeviceId('gate-1'),
  eventId: undefined,
  occurredAt: 1_566_016_554_020,
  identityId: '666666',
  identityName: 'Visitor 12',
  groupName: 'default_group',
  identityInfo: {},
  personType: 'VISITOR',
  score: 0.62,
  deviceType: 'GATE',
  deviceIp: '192.168.1.243',
  pictures: {},
  extra: {},
  ...given,
});

let made = 0;

/** A recognition with an id of its own. */
export const recognition = (given: Partial<Recognition> = {}): Recognition => {
  made += 1;
  const { eventId: _, ...event } = boxEvent();
  return {
    ...event,
    id: `event-${made}` as EventId,
    siteId: siteId('hq'),
    boxId: boxId('hq-lobby'),
    receivedAt: event.occurredAt + 80,
    delivery: 'LIVE',
    similarity: event.score,
    ...given,
    pictures: given.pictures ?? {},
  };
};

/** A gap of no one box, unless it is said otherwise. */
export const gap = (given: Partial<Gap> = {}): Gap => ({
  reason: 'BOX_UNREACHABLE',
  from: 1,
  to: 2,
  boxId: null,
  count: null,
  ...given,
});

export const boxConfig = (given: Partial<BoxConfig> & { readonly id: BoxId }): BoxConfig => ({
  name: `Box ${given.id}`,
  host: '127.0.0.1',
  eventPort: 5679,
  apiPort: 5555,
  dialect: 'v5',
  reconfigure: 'resend',
  silentAfterMs: 600_000,
  maxMessageBytes: 33_554_432,
  maxMessagesPerSecond: 2_000,
  maxBytesPerSecond: 67_108_864,
  scoreScale: 'auto',
  storageShare: 1,
  devices: undefined,
  ...given,
});

export const siteConfig = (id: string, boxes: readonly BoxConfig[]): SiteConfig => ({
  id: siteId(id),
  name: `Site ${id}`,
  timezone: undefined,
  boxes,
});

export const boxDevice = (id: string): BoxDevice => ({
  deviceId: toDeviceId(id),
  name: `Device ${id}`,
  kind: 'photo',
  ip: undefined,
  extra: {},
});

/** Of a picture that came with a recognition as above. */
export function origin(given: Partial<Recognition> = {}): PictureOrigin {
  const { identityId, personType, occurredAt, receivedAt, boxId: owner } = recognition(given);
  return { owner, subject: { identityId, personType, occurredAt, receivedAt } };
}
