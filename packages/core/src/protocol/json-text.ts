import { isUtf8 } from 'node:buffer';
import { BoxError } from './errors.ts';
import type { JsonValue } from './json.ts';

const BYTE_ORDER_MARK = Buffer.from('\uFEFF');

/** Where V8 says that JSON breaks, in UTF-16 units; it does not always say. */
const POSITION = / at position (\d+)/;

/**
 * A number of 16 digits before its point, with an exponent, or of 18 digits and more: a double may
 * not hold its digits.
 */
const LONG_NUMBER = /(?:^|[\s:,[])-?(?:\d(?:\d{15}|[\d.]*[eE])|0\.0*[1-9]\d{17}|[1-9][\d.]{18})/;

/** What a double needs at most to be written so that it is read back as the same double. */
const DIGITS_OF_A_DOUBLE = 17;

/** In valid JSON: where a string begins, or a number. */
const TOKEN = /"|-?\d[\d.eE+-]*/g;

const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;

/** Half of a character outside the basic plane, as an escape. */
const HAS_SURROGATE = /\\u[dD][89a-fA-F]/;

/** The same where an escape begins, with the other half if that follows. */
const SURROGATE =
  /\\u[dD](?:[89abAB][\da-fA-F]{2}(\\u[dD][c-fC-F][\da-fA-F]{2})?|[c-fC-F][\da-fA-F]{2})/y;

/**
 * Reads JSON in UTF-8 as JSON.parse does, with these exceptions:
 * - A number of which a double does not hold the digits comes as text, as it is written: of 2^53 or
 *   more, with more than 17 significant digits, or so small that it would be 0. Boxes write ids so.
 *   Other numbers stay numbers, also where they are not written in the shortest way (`1.10`): in
 *   a member of which all values are written with two decimals, one in ten would be text.
 * - So does any number in a member that holds a name: `1.10` is not the device `1.1`.
 * - A control character in a string is taken as if it were escaped, a backslash that begins no
 *   escape as one of the text.
 * - Half of a surrogate pair, which only an escape can write, becomes U+FFFD.
 * - A byte order mark in front is passed over, as RFC 8259 allows, and so are NULs at the end,
 *   as of a text that was sent with the end of its buffer [assumed].
 *
 * It throws a BoxError MALFORMED_MESSAGE, with the offset where it is known. The engine's own
 * error does not go along: it quotes the text.
 */
export type JsonReader = (bytes: Buffer) => JsonValue;

/** Beyond this, a double does not hold each integer. */
const MAX_EXACT = Number.MAX_SAFE_INTEGER;

/** Whether a number comes as text. @param name of its member; `''` of an item. */
type KeepsDigits = (value: number, source: string, name: () => string) => boolean;

/** Whether a number needs more digits than a double has. */
function needsMoreDigits(value: number, source: string): boolean {
  if (Math.abs(value) > MAX_EXACT) return true;
  if (source.length <= DIGITS_OF_A_DOUBLE && value !== 0) return false;
  const digits = source
    .replace(/[eE].*/, '')
    .replace('.', '')
    .replace(/^-?0*/, '');
  return digits.length > DIGITS_OF_A_DOUBLE || (value === 0 && digits !== '');
}

/** @param names of members that hold a name, in any object. */
export function jsonReader(names: readonly string[]): JsonReader {
  const held = new Set(names);
  // An integer within 2^53 is written in one way only, but for -0.
  const oddName = new RegExp(`"(?:${names.join('|')})"\\s*:\\s*(?:-0|-?\\d+[.eE])`);
  const isPlain = (json: string): boolean => !LONG_NUMBER.test(json) && !oddName.test(json);
  const keeps: KeepsDigits = (value, source, name) =>
    needsMoreDigits(value, source) || held.has(name());
  // https://github.com/tc39/proposal-json-parse-with-source
  const keepDigits = (
    name: string,
    value: unknown,
    context?: { readonly source?: string },
  ): unknown => {
    const source = context?.source;
    if (typeof value !== 'number' || source === undefined) return value;
    return keeps(value, source, () => name) ? source : value;
  };
  const parse = (json: string): JsonValue => {
    if (isPlain(json)) return JSON.parse(json) as JsonValue;
    try {
      return JSON.parse(json, keepDigits) as JsonValue;
    } catch (error) {
      // A reviver recurses: one record that nests too deep must not cost those beside it.
      if (!(error instanceof RangeError)) throw error;
      return JSON.parse(withDigits(json, keeps)) as JsonValue;
    }
  };
  return (bytes) => {
    const text = bytes.toString();
    if (!isUtf8(bytes)) throw malformed('UTF-8', firstDifference(bytes, Buffer.from(text)));
    const start = bytes.indexOf(BYTE_ORDER_MARK) === 0 ? 1 : 0;
    const json = wellFormed(withoutEnd(text.slice(start)));
    try {
      return parseOrMend(json, parse);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      const position = POSITION.exec(error.message)?.[1];
      if (position === undefined) throw malformed('JSON');
      throw malformed('JSON', Buffer.byteLength(text.slice(0, start + Number(position))));
    }
  };
}

/**
 * Quotes the numbers that come as text, at any depth. It takes longer than a reviver.
 *
 * @param json valid.
 */
function withDigits(json: string, keeps: KeepsDigits): string {
  const parts: string[] = [];
  let from = 0;
  /** Of the string before, unless a number came after it. */
  let string = { start: 0, end: 0 };
  const token = new RegExp(TOKEN);
  for (let found = token.exec(json); found; found = token.exec(json)) {
    const [text] = found;
    const { index } = found;
    if (text === '"') {
      token.lastIndex = stringEnd(json, index);
      string = { start: index, end: token.lastIndex };
      continue;
    }
    const { start, end } = string;
    string = { start: index, end: index };
    const isMember = start < end && json.slice(end, index).trim() === ':';
    const name = () => (isMember ? (JSON.parse(json.slice(start, end)) as string) : '');
    if (!keeps(Number(text), text, name)) continue;
    parts.push(json.slice(from, index), `"${text}"`);
    from = index + text.length;
  }
  parts.push(json.slice(from));
  return parts.join('');
}

/** Past the string that begins at `start`. A loop: a regular expression runs out of stack. */
function stringEnd(json: string, start: number): number {
  for (let at = json.indexOf('"', start + 1); ; at = json.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (json.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
}

/** @throws what `parse` throws of the text as it is. */
function parseOrMend(json: string, parse: (json: string) => JsonValue): JsonValue {
  try {
    return parse(json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    try {
      return parse(withEscapes(json));
    } catch {
      throw error;
    }
  }
}

/** Characters of one text that are escaped; with more it is no text of a box. */
const MAX_ESCAPED = 50_000;

/**
 * Escapes control characters inside strings, and backslashes that begin no escape: what a name from
 * a buffer of fixed size, or written without escaping, has in it.
 */
function withEscapes(json: string): string {
  const parts: string[] = [];
  let from = 0;
  let isInside = false;
  for (let at = 0; at < json.length && parts.length <= 2 * MAX_ESCAPED; at += 1) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) isInside = !isInside;
    if (!isInside) continue;
    if (code === BACKSLASH) {
      ESCAPE.lastIndex = at;
      if (ESCAPE.test(json)) at += 1;
      else {
        parts.push(json.slice(from, at), '\\\\');
        from = at + 1;
      }
    } else if (code < SPACE) {
      parts.push(json.slice(from, at), `\\u${code.toString(16).padStart(4, '0')}`);
      from = at + 1;
    }
  }
  parts.push(json.slice(from));
  return parts.join('');
}

/** A loop: the regular expression for it takes quadratic time. */
function withoutEnd(json: string): string {
  let end = json.length;
  while (end > 0 && json.charCodeAt(end - 1) <= SPACE) end -= 1;
  return json.slice(0, end);
}

/** Of the same length, so that an offset stays what it is. */
function wellFormed(json: string): string {
  if (!HAS_SURROGATE.test(json)) return json;
  const parts: string[] = [];
  let from = 0;
  for (let at = json.indexOf('\\'); at !== -1; at = json.indexOf('\\', at)) {
    SURROGATE.lastIndex = at;
    const [found, low] = SURROGATE.exec(json) ?? [];
    if (found !== undefined && low === undefined) {
      parts.push(json.slice(from, at), '\\ufffd');
      from = at + found.length;
    }
    at += found?.length ?? 2;
  }
  parts.push(json.slice(from));
  return parts.join('');
}

const malformed = (expected: string, offset?: number): BoxError =>
  new BoxError(
    'MALFORMED_MESSAGE',
    `The message is not ${expected}${offset === undefined ? '' : `: it breaks at byte ${offset}`}`,
    offset === undefined ? {} : { offset },
  );

function firstDifference(one: Uint8Array, other: Uint8Array): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return at;
}
