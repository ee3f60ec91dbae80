import { closeSync, existsSync, openSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { MEMORY_ONLY, type Places } from '../../config/config.ts';

/**
 * Where a gateway can be told to erase: beside the journal's file; in the pictures' folder when
 * the journal is in memory. Undefined when nothing is on disk: then a restart erases all.
 */
export function socketPathOf({ journal, images }: Places): string | undefined {
  if (journal.path !== MEMORY_ONLY) return `${journal.path}.sock`;
  return images.path === MEMORY_ONLY ? undefined : join(images.path, 'erase.sock');
}

/** What the system takes for the path of a socket, in bytes: 108 on Linux, 104 elsewhere, with a zero at the end. */
const MAX_PATH_BYTES = 103;

/** Of this process's open files, which may be part of a path: Linux only. */
const OPEN_FILES = '/proc/self/fd';

export interface ReachablePath extends Disposable {
  readonly path: string;
}

/**
 * The same socket under a path that is short enough. It is good until it is disposed of.
 *
 * @throws what the system says; a RangeError when there is no short path.
 */
export function reachable(path: string): ReachablePath {
  if (Buffer.byteLength(path) <= MAX_PATH_BYTES) return { path, [Symbol.dispose]() {} };
  if (!existsSync(OPEN_FILES)) {
    throw new RangeError(`${path} is too long for a socket; use a shorter path for the data`);
  }
  const folder = openSync(dirname(path), 'r');
  return {
    path: join(OPEN_FILES, String(folder), basename(path)),
    [Symbol.dispose]: () => closeSync(folder),
  };
}
