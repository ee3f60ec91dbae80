import { BoxError, type BoxErrorCode } from './errors.ts';
import { isObject, type JsonObject, type JsonValue } from './json.ts';
import { redactEvent } from './redact.ts';

/** What an event or a record of a device may have beside its pictures, in bytes of JSON. */
export const MAX_TEXT_BYTES = 65_536;

/** What an id or a name may have, in UTF-16 units. */
export const MAX_NAME_LENGTH = 256;

/** The member that stands for what was left out: `{"bytes": <all of the text, in bytes>}`. */
const OMITTED = 'omitted';

/** The members of a record that a dialect reads, as a tree from the record down. */
export interface ReadMembers {
  readonly [member: string]: true | ReadMembers;
}

/**
 * A record whose text has a bound: of one that has more, what the dialect reads, and a member
 * `OMITTED`. What is left out is not looked at, so its cost does not grow with what it holds. When
 * the rest is still too long, its objects go too: where and when somebody was seen stays.
 *
 * @param bytes of its text, without pictures.
 * @throws {BoxError} INVALID_EVENT when an object that is read nests too deep.
 */
export function boundText(record: JsonObject, bytes: number, members: ReadMembers): JsonObject {
  if (bytes <= MAX_TEXT_BYTES) return record;
  const read = redactEvent(pick(record, members, asItIs));
  const bounded = textBytes(read) <= MAX_TEXT_BYTES ? read : pick(record, members, withoutObjects);
  return { ...bounded, [OMITTED]: { bytes } };
}

/** As JSON. @throws {RangeError} when it nests too deep, by some thousands. */
export const textBytes = (value: JsonValue): number => Buffer.byteLength(JSON.stringify(value));

/** @param keep what is kept of the value of a member that is read; undefined leaves it out. */
function pick(
  record: JsonObject,
  members: ReadMembers,
  keep: (value: JsonValue) => JsonValue | undefined,
): JsonObject {
  const picked: Record<string, JsonValue> = {};
  for (const [name, below] of Object.entries(members)) {
    const value = Object.hasOwn(record, name) ? record[name] : undefined;
    if (value === undefined) continue;
    const kept = below === true ? keep(value) : pickBelow(value, below, keep);
    if (kept !== undefined) picked[name] = kept;
  }
  return picked;
}

function pickBelow(
  value: JsonValue,
  members: ReadMembers,
  keep: (value: JsonValue) => JsonValue | undefined,
): JsonValue {
  if (isObject(value)) return pick(value, members, keep);
  // Where an object should be, a text says only that it is none.
  return value === null ? null : false;
}

/** Text as long as shows that it is too long. */
const asItIs = (value: JsonValue): JsonValue =>
  typeof value === 'string' ? value.slice(0, MAX_NAME_LENGTH + 1) : value;

const withoutObjects = (value: JsonValue): JsonValue | undefined =>
  typeof value === 'object' ? undefined : asItIs(value);

/**
 * An id that is cut may be another's, so one that is too long spoils its record.
 *
 * @param ids by the path of their member.
 * @throws {BoxError} with the given code and the field.
 */
export function checkIds(
  ids: Readonly<Record<string, string | undefined>>,
  code: BoxErrorCode,
): void {
  for (const [field, id = ''] of Object.entries(ids)) {
    if (id.length <= MAX_NAME_LENGTH) continue;
    throw new BoxError(
      code,
      `${field}: found an id of ${id.length} characters, expected at most ${MAX_NAME_LENGTH}`,
      { field },
    );
  }
}

/** A name as it is shown: one that is too long ends with an ellipsis. */
export function cutName(name: string): string {
  if (name.length <= MAX_NAME_LENGTH) return name;
  // Not between the two halves of a character.
  const cut = name.slice(0, MAX_NAME_LENGTH - 1).replace(/[\uD800-\uDBFF]$/, '');
  // A copy: for a slice, the engine keeps all of the text.
  return Buffer.from(`${cut}…`).toString();
}
