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
 * `OMITTED`. It is not looked at any closer, so what it costs does not grow with what is left out.
 *
 * @param bytes of its text, without pictures.
 * @throws {BoxError} with the given code when what the dialect reads is too long by itself;
 *   INVALID_EVENT when it nests too deep.
 */
export function boundText(
  record: JsonObject,
  bytes: number,
  members: ReadMembers,
  code: BoxErrorCode,
): JsonObject {
  if (bytes <= MAX_TEXT_BYTES) return record;
  // What nests too deep to be measured is refused here.
  const read = redactEvent(pick(record, members));
  const readBytes = textBytes(read);
  if (readBytes <= MAX_TEXT_BYTES) return { ...read, [OMITTED]: { bytes } };
  throw new BoxError(
    code,
    `Found ${readBytes} bytes of text in what is read of it, expected at most ${MAX_TEXT_BYTES}`,
  );
}

/** As JSON; of what nests no deeper than `MAX_DEPTH`. */
export const textBytes = (value: JsonValue): number => Buffer.byteLength(JSON.stringify(value));

function pick(record: JsonObject, members: ReadMembers): JsonObject {
  const picked: Record<string, JsonValue> = {};
  for (const [name, below] of Object.entries(members)) {
    const value = Object.hasOwn(record, name) ? record[name] : undefined;
    if (value === undefined) continue;
    picked[name] = below === true || !isObject(value) ? value : pick(value, below);
  }
  return picked;
}

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
  return `${name.slice(0, MAX_NAME_LENGTH - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
