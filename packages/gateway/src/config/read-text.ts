import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { ConfigError } from './problems.ts';

const LINE_FEED = 0x0a;
const UTF16_MARKS: readonly string[] = ['fffe', 'feff'];

/**
 * Reads a text file in UTF-8, with or without a byte order mark.
 *
 * @throws {ConfigError} when it can't be read, or holds anything else.
 */
export async function readText(path: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new ConfigError(path, [], `${path}: ${whyUnreadable(error)}`, { cause: error });
  }
  const found = notUtf8(bytes);
  if (found !== undefined) throw new ConfigError(path, [{ ...found, key: '' }]);
  return new TextDecoder().decode(bytes);
}

interface Found {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

function notUtf8(bytes: Buffer): Found | undefined {
  if (UTF16_MARKS.includes(bytes.toString('hex', 0, 2))) {
    return { line: 1, column: 1, message: 'found a file in UTF-16; save it as UTF-8' };
  }
  const nul = bytes.indexOf(0);
  if (isUtf8(bytes) && nul === -1) return undefined;
  // A line feed is part of no other character of UTF-8.
  let line = 1;
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(LINE_FEED, start);
    const text = bytes.subarray(start, end === -1 ? bytes.length : end);
    const valid = validLength(text);
    const at = { line, column: text.toString('utf8', 0, valid).length + 1 };
    const byte = text[valid];
    if (byte !== undefined) return { ...at, message: notText(byte) };
    if (end === -1) return undefined;
    start = end + 1;
    line += 1;
  }
}

function notText(byte: number): string {
  if (byte === 0) return 'found a NUL; save the file as UTF-8 (it may be UTF-16), without NULs';
  const hex = byte.toString(16).toUpperCase();
  return `found the byte 0x${hex}, which is not UTF-8 here; save the file as UTF-8 (it may be in GBK or another encoding)`;
}

/** How many bytes are whole characters of UTF-8, up to the first NUL. */
function validLength(bytes: Buffer): number {
  const nul = bytes.indexOf(0);
  const most = nul === -1 ? bytes.length : nul;
  if (isUtf8(bytes.subarray(0, most))) return most;
  // Every beginning up to the first wrong byte is valid, but for a character that it cuts.
  let valid = 0;
  for (let length = 1; length <= most; length += 1) {
    if (isUtf8(bytes.subarray(valid, length))) valid = length;
    else if (length - valid === MAX_CHARACTER_BYTES) break;
  }
  return valid;
}

const MAX_CHARACTER_BYTES = 4;

function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES') return 'this user may not read the file';
  if (code === 'EISDIR') return 'this is a directory, not a file';
  return `the file can't be read (${String(code ?? error)})`;
}
