import { open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type GatewayConfig, MEMORY_ONLY } from '../config/config.ts';
import { countHolding } from '../journal/sqlite/holding.ts';

/** What is shorter than this, in bytes, is found everywhere by chance. */
const MIN_TRACE_BYTES = 4;

const CHUNK_BYTES = 4 * 1024 * 1024;

export interface Traces {
  /** Files that were looked into, and their bytes. */
  readonly files: number;
  readonly bytes: number;
  /** Texts that were not looked for: in bytes, they can't be told from chance. */
  readonly tooShort: readonly string[];
  /** Files that still hold the texts, though no event does that is still kept. */
  readonly left: readonly string[];
  /** Events that hold one of the texts: of others who are called alike, or of the person since. */
  readonly others: number;
}

/** Looks for texts in the bytes of all files of the journal, those that were set aside too. */
export async function lookForTraces(
  { journal, images }: Pick<GatewayConfig, 'journal' | 'images'>,
  texts: readonly string[],
): Promise<Traces> {
  const isShort = (text: string) => Buffer.byteLength(text) < MIN_TRACE_BYTES;
  const sought = texts.filter((text) => !isShort(text));
  const files = [...(await filesOf(journal.path)), ...(await indexOf(images.path))];
  const holding: string[] = [];
  let bytes = 0;
  for (const file of files) {
    bytes += (await stat(file)).size;
    if (await holds(file, sought)) holding.push(file);
  }
  // A file in use is what its events are.
  const isInUse = (file: string) => [journal.path, `${journal.path}-wal`].includes(file);
  const others = holding.some(isInUse) ? countHolding(journal.path, sought) : 0;
  return {
    files: files.length,
    bytes,
    tooShort: texts.filter(isShort),
    left: others > 0 ? holding.filter((file) => !isInUse(file)) : holding,
    others,
  };
}

async function holds(path: string, texts: readonly string[]): Promise<boolean> {
  const sought = texts.map((text) => Buffer.from(text));
  const overlap = Math.max(0, ...sought.map(({ length }) => length - 1));
  await using file = await open(path);
  const chunk = Buffer.alloc(CHUNK_BYTES + overlap);
  for (let position = 0; ; position += CHUNK_BYTES) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
    const read = chunk.subarray(0, bytesRead);
    if (sought.some((each) => read.includes(each))) return true;
    if (bytesRead < chunk.length) return false;
  }
}

/** The journal with all that belongs to it, and what a gateway has set aside of it. */
async function filesOf(path: string): Promise<string[]> {
  if (path === MEMORY_ONLY) return [];
  const folder = dirname(path);
  const names = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return names
    .filter((each) => each.isFile() && each.name.startsWith(basename(path)))
    .map(({ name }) => join(folder, name));
}

/** The files of the pictures' folder that are no pictures. */
async function indexOf(path: string): Promise<string[]> {
  if (path === MEMORY_ONLY) return [];
  const names = await readdir(path, { withFileTypes: true }).catch(() => []);
  return names.filter((each) => each.isFile()).map(({ name }) => join(path, name));
}
