import { COMMA, OPEN_ARRAY, OPEN_OBJECT, QUOTE, skipString } from './json-scan.ts';

/**
 * Whether JSON holds more values than allowed, members of objects and items of arrays at any depth.
 * Parsing takes time by their number: 600,000 members in 7 MB take seconds. Short texts cost
 * nothing, for no value is shorter than a byte.
 *
 * @param bytes need not be valid JSON.
 */
export function holdsMoreValues(bytes: Uint8Array, allowed: number): boolean {
  if (bytes.length <= allowed) return false;
  // Every value but the first follows a comma or an opening bracket.
  let values = 1;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = skipString(bytes, at) - 1;
    } else if (byte === COMMA || byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      values += 1;
      if (values > allowed) return true;
    }
  }
  return false;
}
