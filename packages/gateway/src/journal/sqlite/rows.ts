import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { EventDeviceType, PersonType } from '@se5/core';
import type { Keyring, SealingKey } from '../../privacy/keyring.ts';
import { opened, seal } from '../../privacy/sealing.ts';
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
/** @throws {RangeError} when no type has the number. */
export function personTypeOf(number: number): PersonType {
  const type = PERSON_TYPES[number];
  if (type) return type;
  throw new RangeError(`no type of persons has the number ${number}`);
}
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
  'day_key',
  'sealed',
] as const;

/** Without the long columns, whose pages SQLite then leaves alone; see `Detail`. */
export const PLAIN_EVENT_COLUMNS = EVENT_COLUMNS.filter(
  (name) => name !== 'identity_info' && name !== 'extra',
);

/** Columns of a sealed row that are not empty. */
export const SEALED_COLUMNS = [
  'occurred_at',
  'id',
  'received_at',
  'delivery',
  'person_type',
  'device_type',
  'score',
  'similarity',
  'identity_id',
  'group_name',
  'day_key',
  'sealed',
] as const satisfies readonly (typeof EVENT_COLUMNS)[number][];

/** The others, with what is in them. */
export const EMPTY_COLUMNS = {
  identity_name: "''",
  device_ip: 'NULL',
  identity_info: "''",
  pictures: "''",
  extra: "''",
} as const satisfies { readonly [name in (typeof EVENT_COLUMNS)[number]]?: string };

/** In the order of `SEALED_COLUMNS`, sealed by the key, which is one of the keyring's for the event. */
export const sealedValues = (
  event: Recognition,
  key: SealingKey,
  keyring: Keyring,
): SQLInputValue[] => [
  event.occurredAt,
  key.keyedHash(event.id),
  event.receivedAt,
  DELIVERIES.indexOf(event.delivery),
  PERSON_TYPES.indexOf(event.personType),
  DEVICE_TYPES.indexOf(event.deviceType),
  event.score,
  event.similarity,
  key.person || keyring.strangerTagOf(event.identityId),
  keyring.groupTagOf(event.groupName),
  key.day,
  seal(key.key, textOf(event)),
];

export type Row = Record<string, SQLOutputValue>;

/**
 * What `EVENT_SELECT` gives, as it was put in; undefined when a key that it was sealed with is
 * forgotten, or it is not what was sealed. The file is ours: what it says is believed.
 */
export function toEventRecord(row: Row, keyring: Keyring): EventRecord | undefined {
  const content = row['sealed'] === null ? clearContent(row) : sealedContent(row, keyring);
  if (!content) return undefined;
  return {
    kind: 'event',
    position: row['position'],
    event: {
      siteId: row['site_id'],
      boxId: row['box_id'],
      deviceId: row['device_id'],
      occurredAt: row['occurred_at'],
      receivedAt: row['received_at'],
      delivery: DELIVERIES[Number(row['delivery'])],
      personType: PERSON_TYPES[Number(row['person_type'])],
      score: row['score'],
      similarity: row['similarity'],
      deviceType: DEVICE_TYPES[Number(row['device_type'])],
      ...content,
    },
  } as unknown as EventRecord;
}

/** What is sealed of an event: what all read, and in a second line what few do. */
const textOf = (event: Recognition): string => {
  const { id, identityId, identityName, groupName, deviceIp = null, pictures } = event;
  const read = JSON.stringify([id, identityId, identityName, groupName, deviceIp, pictures]);
  return `${read}\n${JSON.stringify([event.identityInfo, event.extra])}`;
};

function sealedContent(row: Row, keyring: Keyring): object | undefined {
  const isStranger = PERSON_TYPES[Number(row['person_type'])] === 'STRANGER';
  const person = isStranger ? '' : String(row['identity_id']);
  const key = keyring.openingKey({ day: Number(row['day_key']), person });
  if (!key) return undefined;
  const text = opened(key, row['sealed'] as Uint8Array)?.toString();
  if (text === undefined) return undefined;
  const end = text.indexOf('\n');
  const [id, identityId, identityName, groupName, deviceIp, pictures] = listed(text.slice(0, end));
  const content = {
    ...{ id, identityId, identityName, groupName, pictures },
    deviceIp: deviceIp ?? undefined,
  };
  if (!('extra' in row)) return content;
  const [identityInfo, extra] = listed(text.slice(end));
  return { ...content, identityInfo, extra };
}

const listed = (json: string): readonly unknown[] => JSON.parse(json) as unknown[];

const clearContent = (row: Row): object => ({
  id: row['id'],
  identityId: row['identity_id'],
  identityName: row['identity_name'],
  groupName: row['group_name'],
  ...('extra' in row && {
    identityInfo: parsed(row['identity_info']),
    extra: parsed(row['extra']),
  }),
  deviceIp: row['device_ip'] ?? undefined,
  pictures: parsed(row['pictures']),
});

const parsed = (json: SQLOutputValue | undefined): unknown => JSON.parse(String(json));

const selectOf = (columns: readonly string[]): string => `
  SELECT position, site_id, box_id, device_id, ${columns.map((name) => `event.${name}`).join(', ')}
  FROM event CROSS JOIN source ON source.id = event.source`;

export const EVENT_SELECT = selectOf(EVENT_COLUMNS);

export const PLAIN_EVENT_SELECT = selectOf(PLAIN_EVENT_COLUMNS);

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
