/**
 * Steps over JSON in bytes without reading it. What is not JSON is not noticed, only never
 * stepped out of: a position beyond the end means that the bytes ran out.
 */

export const QUOTE = 0x22;
export const COLON = 0x3a;
export const COMMA = 0x2c;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
export const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/** Past the white space at `at`. More is taken for white space than JSON allows. */
export function skipSpace(bytes: Uint8Array, at: number): number {
  let next = at;
  while ((bytes[next] ?? QUOTE) <= SPACE) next += 1;
  return next;
}

/**
 * What is looked at byte by byte before the rest is searched: a search takes about as long to begin,
 * and then goes many times faster.
 */
const LOOKED_AT_BYTES = 256;

/** Past the string whose opening quote is at `at`. */
export function skipString(bytes: Uint8Array, at: number): number {
  let next = at + 1;
  for (;;) {
    const searchFrom = next + LOOKED_AT_BYTES;
    for (; next < searchFrom; next += 1) {
      const byte = bytes[next];
      if (byte === QUOTE) return next + 1;
      if (byte === BACKSLASH) next += 1;
      else if (byte === undefined) return bytes.length + 1;
    }
    const quote = bytes.indexOf(QUOTE, next);
    if (quote === -1) return bytes.length + 1;
    // The next quote may be escaped: the long way again, or texts of escaped quotes would be slow.
    if (!isEscaped(bytes, next, quote)) return quote + 1;
    next = quote + 1;
  }
}

/** Whether an odd number of backslashes is in front of the byte at `at`, none of them before `start`. */
function isEscaped(bytes: Uint8Array, start: number, at: number): boolean {
  let before = at - 1;
  while (before >= start && bytes[before] === BACKSLASH) before -= 1;
  return (at - before) % 2 === 0;
}

/** Whether the string from `start` to `end`, its quotes included, is written with an escape. */
export function hasEscape(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && bytes[at] !== BACKSLASH) at += 1;
  return at < end;
}

/** Whether the string from `start` to `end`, its quotes included, is `text`, in ASCII and without an escape. */
export function isString(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  if (end - start !== text.length + 2) return false;
  let matched = 0;
  while (matched < text.length && bytes[start + 1 + matched] === text.charCodeAt(matched)) {
    matched += 1;
  }
  return matched === text.length;
}

/** To the comma or the closing bracket that follows the value at `at`. */
export function skipValue(bytes: Uint8Array, at: number): number {
  let depth = 0;
  for (let next = at; next < bytes.length; next += 1) {
    const byte = bytes[next];
    if (byte === QUOTE) {
      next = skipString(bytes, next) - 1;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      depth += 1;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (depth === 0) return next;
      depth -= 1;
    } else if (byte === COMMA && depth === 0) {
      return next;
    }
  }
  return bytes.length + 1;
}
