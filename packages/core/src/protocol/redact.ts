import { namesCredential, withoutCredentials } from './credentials.ts';
import { BoxError, type BoxErrorCode } from './errors.ts';
import { isObject, type JsonObject, type JsonValue } from './json.ts';

/**
 * How many objects and arrays may stand in each other in what is kept of a message. Boxes are
 * known to use five; the bound keeps all who walk over an event from running out of stack.
 */
export const MAX_DEPTH = 64;

/**
 * Members that never leave this package, at any depth: biometric templates [vendor], and what
 * may be an address with a password [vendor]. `__proto__` says nothing to anybody, and is a
 * trap for all who copy objects.
 */
const NEVER = new Set(['feature', 'feature_binary', 'device_key', '__proto__']);

interface Rule {
  readonly drops: (member: string) => boolean;
  readonly text: (text: string) => string;
  readonly tooDeep: BoxErrorCode;
}

const eventRule: Rule = {
  drops: (member) => NEVER.has(member),
  text: (text) => text,
  tooDeep: 'INVALID_EVENT',
};

const deviceRule: Rule = {
  drops: (member) => NEVER.has(member) || namesCredential(member),
  text: withoutCredentials,
  tooDeep: 'PROTOCOL',
};

const NONE: ReadonlySet<string> = new Set();

/**
 * A copy of an object of an event, without biometric templates.
 *
 * @param known members of the object itself to leave out too. Default none.
 * @throws {BoxError} INVALID_EVENT when it nests deeper than `MAX_DEPTH`.
 */
export const redactEvent = (object: JsonObject, known = NONE): JsonObject =>
  redactObject(object, eventRule, MAX_DEPTH, known);

/**
 * A copy of a record of a device list, without credentials and biometric templates.
 *
 * @throws {BoxError} PROTOCOL when it nests deeper than `MAX_DEPTH`.
 */
export const redactDevice = (record: JsonObject): JsonObject =>
  redactObject(record, deviceRule, MAX_DEPTH, NONE);

function redact(value: JsonValue, rule: Rule, levels: number): JsonValue {
  if (typeof value === 'string') return rule.text(value);
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) throw new BoxError(rule.tooDeep, `It nests deeper than ${MAX_DEPTH} levels`);
  if (isObject(value)) return redactObject(value, rule, levels, NONE);
  return value.map((item) => redact(item, rule, levels - 1));
}

function redactObject(
  object: JsonObject,
  rule: Rule,
  levels: number,
  known: ReadonlySet<string>,
): JsonObject {
  const kept: Record<string, JsonValue> = {};
  // Not `Object.entries`: this runs for every event, and takes a third of the time so.
  for (const member of Object.keys(object)) {
    const value = object[member];
    if (value === undefined || known.has(member) || rule.drops(member)) continue;
    kept[member] = redact(value, rule, levels - 1);
  }
  return kept;
}
