import { open, readdir, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { MEMORY_ONLY } from '../config/config.ts';
import { PARTS, SET_ASIDE } from '../journal/sqlite/database.ts';
import { findHolding } from '../journal/sqlite/holding.ts';

/** What is shorter than this, in bytes, is found everywhere by chance. */
const MIN_TRACE_BYTES = 4;

const CHUNK_BYTES = 4 * 1024 * 1024;

export interface Traces {
  /** Files that were looked into, and their bytes. */
  readonly files: number;
  readonly bytes: number;
  /** What was asked about, each once. */
  readonly texts: readonly string[];
  /** Of these, what was not looked for: in bytes, it can't be told from chance. */
  readonly tooShort: readonly string[];
  /** Files that hold a text which nothing holds that is kept. */
  readonly left: readonly string[];
  /** Events that hold one of the texts: of others who are called alike, or of the person since. */
  readonly others: number;
  /** Whether what sites, boxes and devices are called does, or what the journal calls its own. */
  readonly isInNames: boolean;
}

/**
 * Looks for texts in the bytes of all files of the journal, those that were set aside too. The
 * pictures' index has hashes only, of which some hold any short number, and nobody's id or name.
 * Not for the process that has the journal: to close its files would give up its locks on them.
 */
export async function lookForTraces(path: string, given: readonly string[]): Promise<Traces> {
  const texts = [...new Set(given)];
  const isShort = (text: string) => Buffer.byteLength(text) < MIN_TRACE_BYTES;
  const sought = texts.filter((text) => !isShort(text));
  const files = await filesOf(path);
  const found = new Map<string, readonly string[]>();
  let bytes = 0;
  for (const file of files) {
    bytes += (await stat(file)).size;
    found.set(file, await findIn(file, sought));
  }
  const inUse = PARTS.map((part) => path + part);
  const foundInUse = [...new Set(inUse.flatMap((file) => found.get(file) ?? []))];
  const holding = findHolding(path, foundInUse);
  const isTrace = (file: string) => (text: string) =>
    !inUse.includes(file) || !holding.texts.includes(text);
  return {
    files: files.length,
    bytes,
    texts,
    tooShort: texts.filter(isShort),
    left: files.filter((file) => found.get(file)?.some(isTrace(file))),
    others: holding.events,
    isInNames: holding.isInNames,
  };
}

/** Journals that were damaged and are kept for whoever wants to look at them. */
export async function filesSetAside(path: string): Promise<string[]> {
  const files = await filesOf(path);
  return files.filter((file) => file.startsWith(path + SET_ASIDE));
}

/** Those of the texts that are in the file. */
async function findIn(path: string, texts: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  let sought = texts.map((text) => ({ text, bytes: Buffer.from(text) }));
  const overlap = Math.max(0, ...sought.map(({ bytes }) => bytes.length - 1));
  await using file = await open(path);
  const chunk = Buffer.alloc(CHUNK_BYTES + overlap);
  for (let position = 0; sought.length > 0; position += CHUNK_BYTES) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
    const read = chunk.subarray(0, bytesRead);
    const here = sought.filter(({ bytes }) => read.includes(bytes));
    found.push(...here.map(({ text }) => text));
    sought = sought.filter((each) => !here.includes(each));
    if (bytesRead < chunk.length) break;
  }
  return found;
}

/** The journal with all that belongs to it, and what a gateway has set aside of it. */
async function filesOf(path: string): Promise<string[]> {
  if (path === MEMORY_ONLY) return [];
  const entries = await readdir(dirname(path), { withFileTypes: true }).catch(noneWhenMissing);
  const name = basename(path);
  return entries
    .filter((each) => each.isFile() && each.name.startsWith(name))
    .map((each) => each.name.slice(name.length))
    .filter((end) => isPart(end) || end.startsWith(SET_ASIDE))
    .map((end) => path + end);
}

const isPart = (end: string): boolean => PARTS.some((part) => part === end);

function noneWhenMissing(error: unknown): [] {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
  throw error;
}
