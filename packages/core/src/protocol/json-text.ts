import { isUtf8 } from 'node:buffer';
import { BoxError } from './errors.ts';
import type { JsonValue } from './json.ts';

const BYTE_ORDER_MARK = Buffer.from('\uFEFF');

/** Where V8 says that JSON breaks, in UTF-16 units; it does not always say. */
const POSITION = / at position (\d+)/;

/** A run of digits that a double may not hold, where no fraction is. */
const LONG_INTEGER = /(?<![\d.])\d{16}/;

const INTEGER = /^-?\d+$/;

/**
 * Reads JSON in UTF-8. An integer beyond 2^53 comes as the text of its digits: no double holds it, and
 * boxes write ids so. A byte order mark in front is passed over, as RFC 8259 allows.
 *
 * @throws {BoxError} MALFORMED_MESSAGE, with the offset where it is known. The engine's own
 *   error does not go along: it quotes the text.
 */
export function parseJson(bytes: Buffer): JsonValue {
  const text = bytes.toString();
  if (!isUtf8(bytes)) {
    throw malformed('UTF-8', firstDifference(bytes, Buffer.from(text)));
  }
  const start = bytes.indexOf(BYTE_ORDER_MARK) === 0 ? 1 : 0;
  const json = text.slice(start);
  try {
    // By definition of JSON.parse.
    return (LONG_INTEGER.test(json) ? JSON.parse(json, keepDigits) : JSON.parse(json)) as JsonValue;
  } catch (error) {
    // Thousands of levels deep: only where digits are to be kept does that matter here.
    if (error instanceof RangeError) throw malformed('JSON of a depth that can be read');
    if (!(error instanceof SyntaxError)) throw error;
    const position = POSITION.exec(error.message)?.[1];
    if (position === undefined) throw malformed('JSON');
    throw malformed('JSON', Buffer.byteLength(text.slice(0, start + Number(position))));
  }
}

/** https://github.com/tc39/proposal-json-parse-with-source */
function keepDigits(
  _name: string,
  value: unknown,
  context?: { readonly source?: string },
): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const digits = context?.source ?? '';
  return INTEGER.test(digits) ? digits : value;
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
