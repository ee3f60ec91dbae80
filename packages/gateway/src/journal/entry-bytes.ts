import type { JsonArray, JsonObject, JsonValue } from '@se5/core';
import { isPlain } from './detail.ts';
import type { JournalEntry } from './journal.ts';

/** An entry without its texts: its objects, its promise, the keys of its pictures. */
const ENTRY_BYTES = 1_024;

/** A match of a watch rule without its texts. */
const MATCH_BYTES = 128;

/** V8 stores a character in two bytes as soon as one of its text is not in Latin-1. */
const CHARACTER_BYTES = 2;

/** A member of an object or of an array, beside what its name and value hold. */
const MEMBER_BYTES = 32;

/**
 * What an entry takes in memory, in bytes: an estimate, rather too large than too small. It costs
 * a walk through `identityInfo` and `extra`, which nest no deeper than a box's message may.
 */
export function entryBytes(entry: JournalEntry): number {
  if (entry.kind === 'gap') return ENTRY_BYTES;
  if (entry.kind === 'act') return ENTRY_BYTES + textBytes(Object.values(entry.act));
  let bytes = ENTRY_BYTES;
  for (const match of entry.matches ?? []) bytes += MATCH_BYTES + textBytes(Object.values(match));
  const { deviceId, deviceIp = '', identityId, identityName, groupName } = entry.event;
  const characters =
    deviceId.length + deviceIp.length + identityId.length + identityName.length + groupName.length;
  bytes += CHARACTER_BYTES * characters;
  if (isPlain(entry.event)) return bytes;
  const { identityInfo, extra } = entry.event;
  return bytes + jsonBytes(identityInfo) + jsonBytes(extra);
}

const textBytes = (values: readonly unknown[]): number =>
  values.reduce<number>(
    (sum, value) => sum + (typeof value === 'string' ? CHARACTER_BYTES * value.length : 0),
    0,
  );

function jsonBytes(value: JsonValue | undefined): number {
  if (typeof value === 'string') return CHARACTER_BYTES * value.length;
  if (typeof value !== 'object' || value === null) return 0;
  let bytes = 0;
  if (Array.isArray(value)) {
    const list: JsonArray = value;
    for (const each of list) bytes += MEMBER_BYTES + jsonBytes(each);
  } else {
    const object = value as JsonObject;
    // `Object.entries` takes twice as long.
    for (const name in object) {
      bytes += MEMBER_BYTES + CHARACTER_BYTES * name.length + jsonBytes(object[name]);
    }
  }
  return bytes;
}
