import { copyFile, rm } from 'node:fs/promises';
import { backup, DatabaseSync } from 'node:sqlite';
import { PARTS } from '../../src/journal/sqlite/database.ts';

/** Copies a journal's file, whether or not somebody has it open. */
export type CopyJournal = (path: string, to: string) => Promise<void>;

/** What `sqlite3 journal.db ".backup copy.db"` does. */
export const backUp: CopyJournal = async (path, to) => {
  using database = new DatabaseSync(path, { readOnly: true });
  await backup(database, to);
};

export const vacuumInto: CopyJournal = async (path, to) => {
  using database = new DatabaseSync(path, { readOnly: true });
  database.prepare('VACUUM INTO ?').run(to);
};

/** What a snapshot of the disk has, taken in a moment in which the log is empty. */
export const copyAfterCheckpoint: CopyJournal = async (path, to) => {
  {
    using database = new DatabaseSync(path);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }
  await copyFile(path, to);
};

/** Puts a copy in the place of the journal's file, which nobody has open. */
export async function putBack(copy: string, path: string): Promise<void> {
  for (const part of PARTS) await rm(path + part, { force: true });
  await copyFile(copy, path);
}
