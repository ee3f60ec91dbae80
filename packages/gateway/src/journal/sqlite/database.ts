import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { holdAlone } from '../../file-lock.ts';
import { makePrivateFile } from '../../private-file.ts';
import { JournalError } from '../journal-error.ts';
import { toJournalError } from './failure.ts';
import { assertOurs, migrate } from './schema.ts';

/** `normal`: survives the death of the process. `full`: also that of the machine, as far as its disk is honest. */
export type Sync = 'normal' | 'full';

/** Where the index pages live that are written to at every moment, in KiB. */
const WRITER_CACHE_KIB = 65_536;
const READER_CACHE_KIB = 16_384;

/** So long another program, a backup say, may hold the file up. */
export const BUSY_MS = 1_000;

/** Stands behind the name of a file that was set aside, before the time. */
export const SET_ASIDE = '.damaged-';

/** What one SQLite database consists of, by the end of the name. */
export const PARTS = ['', '-wal', '-shm'] as const;

/**
 * Opens the file for writing, makes it where there is none, and holds it against other gateways
 * until it is closed, which the system does when the process dies.
 *
 * @throws {JournalError} DAMAGED leaves the file to `setAside`.
 */
export function openForWriting(
  path: string,
  sync: Sync,
): { database: DatabaseSync; lock: Disposable } {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    using stack = new DisposableStack();
    const held = stack.use(lock(path));
    // SQLite's other files get the permissions of this one.
    makePrivateFile(path);
    const database = new DatabaseSync(path, { timeout: BUSY_MS });
    stack.defer(() => database.close());
    assertOurs(database, path);
    database.exec(`
      PRAGMA auto_vacuum = INCREMENTAL;
      PRAGMA secure_delete = ON;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = ${sync.toUpperCase()};
      PRAGMA cache_size = -${WRITER_CACHE_KIB};
    `);
    migrate(database);
    stack.move();
    return { database, lock: held };
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

/**
 * By a file beside ours: the journal itself has to stay open to our own readers.
 *
 * @throws {JournalError} IN_USE
 */
function lock(path: string): Disposable {
  const held = holdAlone(`${path}.lock`);
  if (held) return held;
  throw new JournalError(
    'IN_USE',
    `${path} is in use by another gateway; stop that one, or set journal.path to another file`,
  );
}
