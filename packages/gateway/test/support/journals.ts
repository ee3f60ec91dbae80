import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Journal } from '../../src/journal/journal.ts';
import type { JournalFileObserver } from '../../src/journal/open-journal.ts';
import { openSqliteJournal, type SqliteJournal } from '../../src/journal/sqlite/sqlite-journal.ts';

/** A journal with whatever lies beneath it, all of which goes with it. */
export interface HeldJournal<Kind extends Journal = Journal> extends AsyncDisposable {
  readonly journal: Kind;
  /** Settles when the journal keeps no more than it has to. */
  retain(): Promise<void>;
}

/** Who does not listen. */
export const UNOBSERVED: JournalFileObserver = {
  unavailable() {},
  available() {},
  setAside() {},
};

export const UNLIMITED = { keepMs: Number.MAX_SAFE_INTEGER, maxBytes: Number.MAX_SAFE_INTEGER };

/** The path of a file that is not there yet, in a directory that goes with it. */
export async function journalFile() {
  const directory = await mkdtempDisposable(join(tmpdir(), 'se5-journal-'));
  const path = join(directory.path, 'data', 'journal.db');
  return { path, [Symbol.asyncDispose]: () => directory.remove() };
}

/** In a file of its own. */
export async function holdSqliteJournal(
  maxRecords = Number.MAX_SAFE_INTEGER,
): Promise<HeldJournal<SqliteJournal>> {
  const file = await journalFile();
  const limits = { ...UNLIMITED, maxRecords };
  const journal = await openSqliteJournal({ path: file.path, sync: 'normal', limits });
  return {
    journal,
    retain: () => journal.retain(),
    async [Symbol.asyncDispose]() {
      await journal[Symbol.asyncDispose]();
      await file[Symbol.asyncDispose]();
    },
  };
}
