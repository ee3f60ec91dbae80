import { isAscii, isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { type FaultyUtf8, readFaultyUtf8 } from './faulty-utf8.ts';

/** GBK and GB2312 are parts of it. */
const CHINESE_STRICTLY = new TextDecoder('gb18030', { fatal: true });

/** Strings with more than ASCII that are looked at. In those beyond them, faults become U+FFFD. */
const MAX_DETECTED = 100_000;

/** Bytes of strings that are not UTF-8 that are looked at: some 0.1 s. Faults beyond become U+FFFD. */
const MAX_FAULTY_BYTES = 256 * 1024;

/** A string that is not UTF-8 takes as long as so many that are. */
const FAULT_COST = 20;

const LAST_ASCII = 0x7f;

/** What begins a sequence of three bytes in UTF-8, and more those of four. */
const FIRST_LONG = 0xe0;

const QUOTE = 0x22;

/** The Chinese characters of GB2312. */
const COMMON_CHINESE = /^(?:[^\x80-\xff]|[\xb0-\xf7][\xa1-\xfe])*$/;

/** `charset=` in a Content-Type. */
const DECLARED = /;\s*charset\s*=\s*"?([^\s";]{1,40})/i;

/** A label that servers send whatever the text is in: only strings that are not UTF-8 are read so. */
const DEFAULT_ENCODING = 'windows-1252';

/** In these, a quote is not always one byte 0x22, so a text can't be cut into its strings. */
const UNCUT_ENCODINGS = new Set(['utf-16le', 'utf-16be', 'iso-2022-jp']);

/** What a text in UTF-16 begins with. */
const MARKS = [
  ['utf-16le', Buffer.from('fffe', 'hex')],
  ['utf-16be', Buffer.from('feff', 'hex')],
] as const;

/**
 * JSON in UTF-8, whatever it is sent in.
 *
 * A whole text is in UTF-16 if it begins with that byte order mark. In any other text, each string
 * is looked at by itself: a box puts the names of many cameras into one answer, each as its camera
 * sent it. So a name is read the same wherever it stands. What a string is in:
 *
 * - Without a label, UTF-8 where it is that. Else GBK when it can be (GB18030, strictly), unless it
 *   is clearly UTF-8 with faults in it.
 * - With a label, the declared charset when it can be, unless it is clearly UTF-8: it has more
 *   characters of three or four bytes than faults. Short names in GBK are often valid UTF-8 of
 *   two-byte sequences, but hardly ever of longer ones.
 * - Else UTF-8 with U+FFFD in the place of each fault.
 *
 * @param contentType as declared with it. Default: nothing is declared.
 * @returns the same bytes when they are UTF-8.
 */
export function inUtf8(bytes: Buffer, contentType = ''): Buffer {
  for (const [encoding, mark] of MARKS) {
    if (bytes.indexOf(mark) === 0) return Buffer.from(new TextDecoder(encoding).decode(bytes));
  }
  const declared = decoderOf(DECLARED.exec(contentType)?.[1]);
  if (declared === undefined || declared.encoding === 'utf-8') {
    return isUtf8(bytes) ? bytes : repaired(bytes, CHINESE_STRICTLY, false);
  }
  if (UNCUT_ENCODINGS.has(declared.encoding)) return inUncut(bytes, declared);
  const isDeclared = declared.encoding !== DEFAULT_ENCODING;
  const isUnambiguous = !isDeclared || isAscii(bytes) || hasLongSequence(bytes);
  return isUtf8(bytes) && isUnambiguous ? bytes : repaired(bytes, declared, isDeclared);
}

/** In UTF-16 each sign of JSON has a NUL, and ISO-2022-JP has nothing beyond ASCII. */
function inUncut(bytes: Buffer, declared: TextDecoder): Buffer {
  const isMislabelled = declared.encoding === 'iso-2022-jp' ? !isAscii(bytes) : !bytes.includes(0);
  const text = isMislabelled ? undefined : decoded(bytes, declared);
  return text === undefined ? inUtf8(bytes) : Buffer.from(text);
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
 * Reads strings in another charset, if they can be in it. Strings are cut at the quotes: within
 * GBK, no second byte is a quote, though it may be any other sign of JSON.
 *
 * @param isDeclared Whether the text has a label for `other`: then it goes before short UTF-8.
 */
function repaired(bytes: Buffer, other: TextDecoder, isDeclared: boolean): Buffer {
  const parts: string[] = [];
  let budget = MAX_DETECTED;
  let faultyBytes = 0;
  let wholeFrom = 0;
  let from = 0;
  let hasOnlyAscii = true;
  for (let at = 0; at <= bytes.length && budget > 0; at += 1) {
    const byte = bytes[at] ?? QUOTE;
    if (byte > LAST_ASCII) hasOnlyAscii = false;
    if (byte !== QUOTE) continue;
    if (!hasOnlyAscii) {
      const piece = bytes.subarray(from, at);
      budget -= 1;
      if (!isUtf8(piece) || (isDeclared && !hasLongSequence(piece))) {
        budget -= FAULT_COST;
        faultyBytes += piece.length;
        if (faultyBytes > MAX_FAULTY_BYTES) break;
        parts.push(bytes.toString('utf8', wholeFrom, from), detected(piece, other, isDeclared));
        wholeFrom = at;
      }
    }
    from = at;
    hasOnlyAscii = true;
  }
  const rest = bytes.subarray(wholeFrom);
  const isCutOff = budget <= 0 || faultyBytes > MAX_FAULTY_BYTES;
  const asDeclared = isDeclared && isCutOff ? decoded(rest, other) : undefined;
  parts.push(asDeclared ?? rest.toString());
  return Buffer.from(parts.join(''));
}

/** @returns the piece as `other`, where it can be that and is not clearly UTF-8. */
function detected(piece: Buffer, other: TextDecoder, isDeclared: boolean): string {
  const read = readFaultyUtf8(piece);
  const isClearly = isDeclared
    ? read.long > read.faults && !isCommonChinese(piece)
    : read.long > read.faults || (isMostlyUtf8(read) && !isCommonChinese(piece));
  return isClearly ? read.text : (decoded(piece, other) ?? read.text);
}

/** A text in UTF-8 that was cut within a character is often valid GBK too. */
const isMostlyUtf8 = ({ short, long, faults }: FaultyUtf8): boolean =>
  short + long > faults || (long > 0 && long === faults);

/** Whether it can be in GBK, and has only characters of GB2312 then. Texts in UTF-8 seldom do. */
const isCommonChinese = (bytes: Buffer): boolean => COMMON_CHINESE.test(bytes.toString('latin1'));

/** Whether UTF-8 has a character of three or four bytes. */
const hasLongSequence = (bytes: Buffer): boolean => bytes.some((byte) => byte >= FIRST_LONG);
