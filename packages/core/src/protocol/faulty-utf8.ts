/** A character outside the basic plane as two surrogates of three bytes each (CESU-8). */
const SURROGATE_PAIR = /\xed([\xa0-\xaf])([\x80-\xbf])\xed([\xb0-\xbf])([\x80-\xbf])/g;

const LONE_SURROGATE = /\xed[\xa0-\xbf][\x80-\xbf]/g;

/** How Java writes a NUL: a name from a buffer of fixed size may end with many. */
const OVERLONG_NUL = '\xc0\x80';

/** Overlong forms, and what is beyond U+10FFFF. */
const NO_CHARACTER =
  /[\xc0\xc1][\x80-\xbf]|\xe0[\x80-\x9f][\x80-\xbf]|\xf0[\x80-\x8f][\x80-\xbf]{2}|(?:\xf4[\x90-\xbf]|[\xf5-\xf7][\x80-\xbf])[\x80-\xbf]{2}|[\xf8-\xfb][\x80-\xbf]{4}|[\xfc\xfd][\x80-\xbf]{5}/g;

/** U+FFFD in UTF-8, and a byte that becomes one U+FFFD. */
const REPLACEMENT = '\xef\xbf\xbd';
const FAULT = '\xff';

/** A text read as UTF-8, whatever it is in. */
export interface FaultyUtf8 {
  /**
   * A pair of surrogates is its character. A lone one, an overlong form and a sequence that is cut
   * are one U+FFFD each, as is any other byte that can't be read.
   */
  readonly text: string;
  /** How many sequences of two bytes it has. */
  readonly short: number;
  /** How many sequences of three or four bytes it has; those of surrogates count too. */
  readonly long: number;
  /** How many U+FFFD stand for what is no UTF-8. Those of lone surrogates and overlong NULs do not count. */
  readonly faults: number;
}

export function readFaultyUtf8(bytes: Buffer): FaultyUtf8 {
  const sent = bytes.toString('latin1');
  const mended = sent
    .replaceAll(SURROGATE_PAIR, asOneCharacter)
    .replaceAll(LONE_SURROGATE, REPLACEMENT)
    .replaceAll(NO_CHARACTER, FAULT);
  const text = Buffer.from(mended, 'latin1').toString();
  const readable = mended.split(REPLACEMENT).length - 1;
  let faults = 1 - sent.split(OVERLONG_NUL).length - readable;
  let short = 0;
  let long = readable;
  for (const character of text) {
    if (character === '\uFFFD') faults += 1;
    else if (character > '\u07FF') long += 1;
    else if (character > '\u007F') short += 1;
  }
  return { text, short, long, faults };
}

/** Its four bytes, from the last six bits of each byte but those of the mark 0xED. */
function asOneCharacter(
  _: string,
  high1: string,
  high2: string,
  low1: string,
  low2: string,
): string {
  const high = (bits(high1) << 6) | bits(high2);
  const low = (bits(low1) << 6) | bits(low2);
  const code = 0x1_0000 + ((high & 0x3ff) << 10) + (low & 0x3ff);
  return String.fromCharCode(
    0xf0 | (code >> 18),
    0x80 | ((code >> 12) & 0x3f),
    0x80 | ((code >> 6) & 0x3f),
    0x80 | (code & 0x3f),
  );
}

const bits = (byte: string): number => byte.charCodeAt(0) & 0x3f;
