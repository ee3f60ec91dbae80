import { existsSync, mkdirSync, realpathSync, renameSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { holdAlone } from '../../storage/file-lock.ts';
import { closeToOthers, makePrivateFile } from '../../storage/private-file.ts';
import { JournalError } from '../journal-error.ts';
import { assertOurs, migrate } from './schema.ts';
import { toJournalError } from './to-journal-error.ts';

/** `normal`: survives the death of the process. `full`: also that of the machine, as far as its disk is honest. */
export type Sync = 'normal' | 'full';

/** Where the index pages live that are written to at every moment, in KiB. */
const WRITER_CACHE_KIB = 65_536;
const READER_CACHE_KIB = 16_384;

/** So long another program, a backup say, may hold the file up. */
const BUSY_MS = 1_000;

/** Stands behind the name of a file that was set aside, before the time. */
const SET_ASIDE = '.damaged-';

/** What one SQLite database consists of, by the end of the name. */
export const PARTS = ['', '-wal', '-shm'] as const;

const partsOf = (path: string): readonly string[] => PARTS.map((part) => path + part);

export interface OpenDatabase {
  readonly database: DatabaseSync;
  readonly lock: Disposable;
  /** The files that other users could read until now. */
  readonly exposed: readonly string[];
}

/**
 * Opens the file for writing, makes it where there is none, and holds it against other gateways
 * until it is closed, which the system does when the process dies.
 *
 * @throws {JournalError} DAMAGED leaves the file to `setAside`.
 */
export function openForWriting(path: string, sync: Sync): OpenDatabase {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    using stack = new DisposableStack();
    const held = stack.use(lock(path));
    // SQLite's other files get the permissions of this one.
    makePrivateFile(path);
    assertOnlyName(path);
    const database = new DatabaseSync(path, { timeout: BUSY_MS });
    stack.defer(() => database.close());
    assertOurs(database, path);
    database.exec(`
      PRAGMA auto_vacuum = INCREMENTAL;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = ${sync.toUpperCase()};
      PRAGMA cache_size = -${WRITER_CACHE_KIB};
    `);
    migrate(database);
    // Not before: of a file that this user may not write, that is what has to be said.
    const exposed = closeToOthers(partsOf(path));
    stack.move();
    return { database, lock: held, exposed };
  } catch (error) {
    throw toJournalError(error, path);
  }
}

/** @throws {JournalError} */
export function openForReading(path: string): DatabaseSync {
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS });
    database.exec(`PRAGMA cache_size = -${READER_CACHE_KIB}`);
    return database;
  } catch (error) {
    throw toJournalError(error, path);
  }
}

/**
 * Gives the damaged file another name, so that a new one can be begun and somebody can look at
 * it. Returns the new name.
 *
 * @throws {JournalError}
 */
export function setAside(path: string): string {
  try {
    using _lock = lock(path);
    closeToOthers(partsOf(path));
    const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    const aside = path + SET_ASIDE + time;
    let name = aside;
    for (let n = 2; existsSync(name); n += 1) name = `${aside}-${n}`;
    for (const part of PARTS) {
      if (existsSync(path + part)) renameSync(path + part, name + part);
    }
    return name;
  } catch (error) {
    throw toJournalError(error, path);
  }
}

/** Damaged journals that `setAside` has left there. */
export async function filesSetAside(path: string): Promise<string[]> {
  const folder = dirname(path);
  if (!existsSync(folder)) return [];
  const names = await readdir(folder);
  return names
    .filter((name) => name.startsWith(basename(path) + SET_ASIDE))
    .map((name) => join(folder, name));
}

/**
 * A write-ahead log lies beside the name by which a file was opened. So two gateways that know one
 * file by two names would write over each other: https://sqlite.org/howtocorrupt.html
 *
 * @throws {JournalError} LINKED
 */
function assertOnlyName(path: string): void {
  const { nlink } = statSync(path);
  if (nlink === 1) return;
  throw new JournalError(
    'LINKED',
    `the journal ${path} has ${nlink} names (hard links); another gateway could write it by another name: remove the others, or replace the file by a copy`,
  );
}

/**
 * By a file beside the journal, wherever symbolic links lead: the journal itself has to stay open
 * to our own readers.
 *
 * @throws {JournalError} IN_USE
 */
function lock(path: string): Disposable {
  const held = holdAlone(`${existsSync(path) ? realpathSync(path) : path}.lock`);
  if (held) return held;
  throw new JournalError(
    'IN_USE',
    `${path} is in use by another gateway; stop that one, or set journal.path to another file`,
  );
}
