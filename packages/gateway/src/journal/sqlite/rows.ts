import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { EventDeviceType, PersonType } from '@se5/core';
import type { Gap } from '../gap.ts';
import type { EventRecord, JournalRecord } from '../journal.ts';
import type { Recognition } from '../recognition.ts';

/* An enumeration's number is its place in these lists: add at the end, never reorder. */
const DELIVERIES = ['LIVE', 'BACKFILLED'] as const satisfies readonly Recognition['delivery'][];
const PERSON_TYPES = [
  'UNKNOWN',
  'EMPLOYEE',
  'VISITOR',
  'BLACKLIST',
  'STRANGER',
  'VIP',
] as const satisfies readonly PersonType[];
const DEVICE_TYPES = [
  'UNKNOWN',
  'GATE',
  'CAPTURE',
  'IPC_STILL',
  'IPC_MOVING',
  'ACCESS_CONTROL',
] as const satisfies readonly EventDeviceType[];

export const personTypeNumber = (type: PersonType): number => PERSON_TYPES.indexOf(type);
export const PERSON_TYPE_NUMBERS: readonly number[] = [...PERSON_TYPES.keys()];

export const EVENT_COLUMNS = [
  'occurred_at',
  'id',
  'received_at',
  'delivery',
  'person_type',
  'device_type',
  'score',
  'similarity',
  'identity_id',
  'identity_name',
  'group_name',
  'device_ip',
  'identity_info',
  'pictures',
  'extra',
] as const;

/** In the order of `EVENT_COLUMNS`. */
export const eventValues = (event: Recognition): SQLInputValue[] => [
  event.occurredAt,
  event.id,
  event.receivedAt,
  DELIVERIES.indexOf(event.delivery),
  PERSON_TYPES.indexOf(event.personType),
  DEVICE_TYPES.indexOf(event.deviceType),
  event.score,
  event.similarity,
  event.identityId,
  event.identityName,
  event.groupName,
  event.deviceIp ?? null,
  JSON.stringify(event.identityInfo),
  JSON.stringify(event.pictures),
  JSON.stringify(event.extra),
];

export type Row = Record<string, SQLOutputValue>;

/** What `EVENT_SELECT` gives, as it was put in. The file is ours: what it says is believed. */
export function toEventRecord(row: Row): EventRecord {
  return {
    kind: 'event',
    position: row['position'],
    event: {
      id: row['id'],
      siteId: row['site_id'],
      boxId: row['box_id'],
      deviceId: row['device_id'],
      occurredAt: row['occurred_at'],
      receivedAt: row['received_at'],
      delivery: DELIVERIES[Number(row['delivery'])],
      personType: PERSON_TYPES[Number(row['person_type'])],
      identityId: row['identity_id'],
      identityName: row['identity_name'],
      groupName: row['group_name'],
      ...('extra' in row && {
        identityInfo: parsed(row['identity_info']),
        extra: parsed(row['extra']),
      }),
      score: row['score'],
      similarity: row['similarity'],
      deviceType: DEVICE_TYPES[Number(row['device_type'])],
      deviceIp: row['device_ip'] ?? undefined,
      pictures: parsed(row['pictures']),
    },
  } as unknown as EventRecord;
}

const parsed = (json: SQLOutputValue | undefined): unknown => JSON.parse(String(json));

const selectOf = (columns: readonly string[]): string => `
  SELECT position, site_id, box_id, device_id, ${columns.map((name) => `event.${name}`).join(', ')}
  FROM event CROSS JOIN source ON source.id = event.source`;

export const EVENT_SELECT = selectOf(EVENT_COLUMNS);

/** Without the long columns, whose pages SQLite then leaves alone; see `Detail`. */
export const PLAIN_EVENT_SELECT = selectOf(
  EVENT_COLUMNS.filter((name) => name !== 'identity_info' && name !== 'extra'),
);

export const gapValues = ({ reason, from, to, boxId, count }: Gap): SQLInputValue[] => [
  reason,
  from,
  to,
  boxId,
  count,
];

export const toGapRecord = (row: Row): JournalRecord =>
  ({
    kind: 'gap',
    position: row['position'],
    gap: {
      reason: row['reason'],
      from: row['from_time'],
      to: row['to_time'],
      boxId: row['box_id'],
      count: row['count'],
    },
  }) as JournalRecord;
