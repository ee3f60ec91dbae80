import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';

/** GBK and GB2312 are parts of it. */
const CHINESE = 'gb18030';

const QUOTE = 0x22;

const REPLACEMENT = '\uFFFD';

/** `charset=` in a Content-Type. */
const DECLARED = /;\s*charset\s*=\s*"?([^\s";]{1,40})/i;

/** Labels that servers send whatever the text is in. It is read so only if nothing else fits. */
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
  if (declared?.encoding === DEFAULT_ENCODING) return Buffer.from(declared.decode(bytes));
  return Buffer.from(pieces(bytes).map(detected).join(''));
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
 * The bytes cut at the quotes: within GBK, no second byte is a quote, though it may be any
 * other sign of JSON.
 */
function pieces(bytes: Buffer): Buffer[] {
  const cut: Buffer[] = [];
  let from = 0;
  while (from < bytes.length) {
    const quote = bytes.indexOf(QUOTE, from);
    const end = quote === -1 ? bytes.length : quote + 1;
    cut.push(bytes.subarray(from, end));
    from = end;
  }
  return cut;
}

function detected(piece: Buffer): string {
  const text = piece.toString();
  if (isUtf8(piece) || isMostlyUtf8(text)) return text;
  return decoded(piece, new TextDecoder(CHINESE, { fatal: true })) ?? text;
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
