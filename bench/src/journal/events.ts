import { toDeviceId } from '@se5/core';
import type { EventFilter, EventId, Recognition } from '@se5/gateway/journal';

/** A site of some size: so many boxes with so many devices each, and people who come again. */
const BOXES = 10;
const DEVICES = 10;
const PEOPLE = 10_000;

/** From one event to the next, in ms: 864,000 a day. */
const INTERVAL_MS = 100;

/** One in so many is of somebody on the black list. */
const BLACKLISTED = 1_000;

const deviceOf = (sequence: number) =>
  toDeviceId(`device-${(Math.floor(sequence / BOXES) % DEVICES) + 1}`);
const boxOf = (sequence: number) => `box-${(sequence % BOXES) + 1}` as Recognition['boxId'];
/** Spread, so that those who come one after the other are any. */
const identityOf = (sequence: number) => `person-${(sequence * 7_919) % PEOPLE}`;

/** The nth event, with what a firmware says beside the names that everybody knows. */
export function eventOf(sequence: number, startAt: number): Recognition {
  const occurredAt = startAt + sequence * INTERVAL_MS;
  return {
    id: sequence.toString(36).padStart(22, 'x') as EventId,
    siteId: 'hq' as Recognition['siteId'],
    boxId: boxOf(sequence),
    deviceId: deviceOf(sequence),
    occurredAt,
    receivedAt: occurredAt + 80,
    delivery: 'LIVE',
    personType: sequence % BLACKLISTED === 0 ? 'BLACKLIST' : 'EMPLOYEE',
    identityId: identityOf(sequence),
    identityName: 'Visitor 12',
    groupName: 'Engineering',
    identityInfo: {
      addTime: 1_602_612_036,
      image_id: '1602612036.3828533',
      name: 'Visitor 12',
      type: 1,
    },
    score: 0.82,
    similarity: 0.82,
    deviceType: 'GATE',
    deviceIp: '192.168.1.64',
    pictures: {},
    extra: { video_id: 'device-1' },
  };
}

/** How long it takes for so many events to happen, in ms. */
export const spanOf = (events: number): number => events * INTERVAL_MS;

export const QUERIES = ['device', 'identity', 'person type and time'] as const;
export type QueryKind = (typeof QUERIES)[number];

/** The nth query of a kind, in a journal of so many events. */
export function filterOf(
  kind: QueryKind,
  nth: number,
  { events, startAt }: { readonly events: number; readonly startAt: number },
): EventFilter {
  const sequence = Math.floor(events * ((nth * 0.618) % 1));
  switch (kind) {
    case 'device':
      return { deviceIds: [`${boxOf(sequence)}/${deviceOf(sequence)}`] };
    case 'identity':
      return { identityIds: [identityOf(sequence)] };
    case 'person type and time': {
      const from = startAt + spanOf(sequence);
      return { personTypes: ['BLACKLIST'], from, to: from + DAY_MS };
    }
  }
}

const DAY_MS = 86_400_000;
