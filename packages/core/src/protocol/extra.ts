import type { JsonObject, JsonValue } from './json.ts';
import { redactEvent } from './redact.ts';

/** What an object has beyond the members that are known, without what never leaves. */
export const unknownMembers = (object: JsonObject, known: ReadonlySet<string>): JsonObject =>
  redactEvent(Object.fromEntries(Object.entries(object).filter(([name]) => !known.has(name))));

/**
 * The members of `first`, then those of `second`; one that has the name of another gets
 * `prefix` in front of its own, again until nobody has it. So nothing is lost.
 */
export function mergeMembers(first: JsonObject, second: JsonObject, prefix: string): JsonObject {
  const merged: Record<string, JsonValue> = { ...first };
  for (const [name, value] of Object.entries(second)) {
    let free = name;
    while (Object.hasOwn(merged, free)) free = prefix + free;
    merged[free] = value;
  }
  return merged;
}
