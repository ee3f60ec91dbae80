import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';

/** GBK and GB2312 are parts of it. */
const CHINESE_STRICTLY = new TextDecoder('gb18030', { fatal: true });

/** Strings with more than ASCII that are looked at. In those beyond them, faults become U+FFFD. */
const MAX_DETECTED = 100_000;

/** A string that is not UTF-8 takes as long as so many that are. */
const FAULT_COST = 20;

const LAST_ASCII = 0x7f;

const QUOTE = 0x22;

const REPLACEMENT = '\uFFFD';

/** `charset=` in a Content-Type. */
const DECLARED = /;\s*charset\s*=\s*"?([^\s";]{1,40})/i;

/** A label that servers send whatever the text is in: only strings that are not UTF-8 are read so. */
const DEFAULT_ENCODING = 'windows-1252';

/** What a text in UTF-16 begins with. */
const MARKS = [
  ['utf-16le', Buffer.from('fffe', 'hex')],
  ['utf-16be', Buffer.from('feff', 'hex')],
] as const;

/**
 * JSON in UTF-8, whatever it is sent in.
 *
 * A whole text is in UTF-16 if it begins with that byte order mark, or in the declared charset
 * if it can be. In any other text, each string is looked at by itself: a box puts the names of
 * many cameras into one answer, each as its camera sent it. A string that is not UTF-8 is GBK
 * when it can be (GB18030, strictly), and else UTF-8 with U+FFFD in the place of each fault. So
 * a name is read the same wherever it stands.
 *
 * @param contentType as declared with it. Default: nothing is declared.
 * @returns the same bytes when they are UTF-8.
 */
export function inUtf8(bytes: Buffer, contentType = ''): Buffer {
  for (const [encoding, mark] of MARKS) {
    if (bytes.indexOf(mark) === 0) return Buffer.from(new TextDecoder(encoding).decode(bytes));
  }
  const declared = decoderOf(DECLARED.exec(contentType)?.[1]);
  if (declared && declared.encoding !== 'utf-8' && declared.encoding !== DEFAULT_ENCODING) {
    const text = decoded(bytes, declared);
    if (text !== undefined) return Buffer.from(text);
  }
  if (isUtf8(bytes)) return bytes;
  const other = declared?.encoding === DEFAULT_ENCODING ? declared : CHINESE_STRICTLY;
  return repaired(bytes, other);
}

/** @returns undefined for a label that is not known. */
function decoderOf(label: string | undefined): TextDecoder | undefined {
  if (label === undefined) return undefined;
  try {
    return new TextDecoder(label, { fatal: true });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** @returns undefined when the bytes can't be in that encoding. */
function decoded(bytes: Buffer, decoder: TextDecoder): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/**
 * Reads each string that is not UTF-8 in another charset, if it can be. Strings are cut at the
 * quotes: within GBK, no second byte is a quote, though it may be any other sign of JSON.
 */
function repaired(bytes: Buffer, other: TextDecoder): Buffer {
  const parts: string[] = [];
  let budget = MAX_DETECTED;
  let wholeFrom = 0;
  let from = 0;
  let isAscii = true;
  for (let at = 0; at <= bytes.length && budget > 0; at += 1) {
    const byte = bytes[at] ?? QUOTE;
    if (byte > LAST_ASCII) isAscii = false;
    if (byte !== QUOTE) continue;
    if (!isAscii) {
      const piece = bytes.subarray(from, at);
      budget -= 1;
      if (!isUtf8(piece)) {
        budget -= FAULT_COST;
        parts.push(bytes.toString('utf8', wholeFrom, from), detected(piece, other));
        wholeFrom = at;
      }
    }
    from = at;
    isAscii = true;
  }
  parts.push(bytes.toString('utf8', wholeFrom));
  return Buffer.from(parts.join(''));
}

function detected(piece: Buffer, other: TextDecoder): string {
  const text = piece.toString();
  return isMostlyUtf8(text) ? text : (decoded(piece, other) ?? text);
}

/** A text in UTF-8 that was cut within a character is often valid GBK too. */
function isMostlyUtf8(text: string): boolean {
  let right = 0;
  let wrong = 0;
  for (const character of text) {
    if (character === REPLACEMENT) wrong += 1;
    else if (character > '\u007F') right += 1;
  }
  return right > wrong;
}
