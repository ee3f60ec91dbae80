import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Finding } from './finding.ts';

/**
 * Reports each file in a folder whose bytes hold the id of a person: the journal with its
 * write-ahead log and free pages, copies of it, pictures, keys, the log. Each id is sealed on disk,
 * whether the person was erased or not.
 *
 * The gateway may run: its locks stay. But a process that closes a file loses its own locks on it
 * (POSIX), so the caller must have no database open there.
 */
export async function judgeDisk(folder: string, ids: readonly string[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const path of filesBelow(folder)) {
    const bytes = await readFile(path).catch(ifGone(Buffer.alloc(0)));
    if (!ids.some((id) => bytes.includes(id))) continue;
    const what = `${relative(folder, path)} holds the id of a person`;
    findings.push({ who: 'the disk', what, at: Date.now() });
  }
  return findings;
}

async function* filesBelow(folder: string): AsyncGenerator<string> {
  for (const file of await readdir(folder, { withFileTypes: true }).catch(ifGone([]))) {
    const path = join(folder, file.name);
    if (file.isDirectory()) yield* filesBelow(path);
    if (file.isFile()) yield path;
  }
}

/** What to take for a file or a folder that is not there any more. */
const ifGone =
  <Value>(value: Value) =>
  (error: NodeJS.ErrnoException): Value => {
    if (error.code === 'ENOENT') return value;
    throw error;
  };
