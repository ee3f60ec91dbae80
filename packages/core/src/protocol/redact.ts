import { isCredentialMember, withoutCredentials } from './credentials.ts';
import { isObject, type JsonObject, type JsonValue } from './json.ts';

/**
 * Members that never leave this package, at any depth: biometric templates [vendor], and what
 * may be an address with a password [vendor]. `__proto__` says nothing to anybody, and is a
 * trap for all who copy objects.
 */
const NEVER = new Set(['feature', 'feature_binary', 'device_key', '__proto__']);

interface Rule {
  readonly drops: (member: string) => boolean;
  readonly text: (text: string) => string;
}

const ofEvents: Rule = { drops: (member) => NEVER.has(member), text: (text) => text };

const ofDevices: Rule = {
  drops: (member) => NEVER.has(member) || isCredentialMember(member),
  text: withoutCredentials,
};

/** A copy of what an event tells, without biometric templates. */
export const redactEvent = (object: JsonObject): JsonObject => redactObject(object, ofEvents);

/** A copy of what a device list tells, without biometric templates and credentials. */
export const redactDevice = (record: JsonValue): JsonValue => redact(record, ofDevices);

function redact(value: JsonValue, rule: Rule): JsonValue {
  if (typeof value === 'string') return rule.text(value);
  if (isObject(value)) return redactObject(value, rule);
  if (typeof value !== 'object' || value === null) return value;
  return value.map((item) => redact(item, rule));
}

function redactObject(object: JsonObject, rule: Rule): JsonObject {
  const kept: Record<string, JsonValue> = {};
  for (const [member, value] of Object.entries(object)) {
    const name = rule.text(member);
    if (!rule.drops(member) && !rule.drops(name)) kept[name] = redact(value, rule);
  }
  return kept;
}
