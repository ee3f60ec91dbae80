import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Gap } from '../../src/journal/gap.ts';
import type {
  BoxEntry,
  Cursor,
  Journal,
  JournalEntry,
  JournalRecord,
  Position,
} from '../../src/journal/journal.ts';
import type { JournalFileObserver } from '../../src/journal/open-journal.ts';
import type { Recognition } from '../../src/journal/recognition.ts';
import { openSqliteJournal, type SqliteJournal } from '../../src/journal/sqlite/sqlite-journal.ts';
import type { WriterOptions } from '../../src/journal/sqlite/writer-thread.ts';
import { gap, recognition } from './recognitions.ts';

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
  listenerFailed() {},
  setAside() {},
  exposed() {},
  clockDistrusted() {},
  sealing() {},
  sealingFailed() {},
};

export const UNLIMITED = { keepMs: Number.MAX_SAFE_INTEGER, maxBytes: Number.MAX_SAFE_INTEGER };

/** The path of a file that is not there yet, in a directory that goes with it. */
export async function journalFile() {
  const directory = await mkdtempDisposable(join(tmpdir(), 'se5-journal-'));
  const path = join(directory.path, 'data', 'journal.db');
  return { path, [Symbol.asyncDispose]: () => directory.remove() };
}

/** The path of the key file of a journal. */
export const keysOf = (path: string): string => join(dirname(path), 'keys.db');

/** Without limits, unless it is said otherwise. */
export const openAt = (
  path: string,
  limits: Partial<WriterOptions['limits']> = {},
  keys = keysOf(path),
): Promise<SqliteJournal> =>
  openSqliteJournal({ path, keys, sync: 'normal', limits: { ...UNLIMITED, ...limits } });

/** In a file of its own. */
export async function holdSqliteJournal(
  maxRecords = Number.MAX_SAFE_INTEGER,
): Promise<HeldJournal<SqliteJournal>> {
  const file = await journalFile();
  const journal = await openAt(file.path, { maxRecords });
  return {
    journal,
    retain: () => journal.retain(),
    async [Symbol.asyncDispose]() {
      await journal[Symbol.asyncDispose]();
      await file[Symbol.asyncDispose]();
    },
  };
}

export const entry = (given: Parameters<typeof recognition>[0] = {}): BoxEntry => ({
  kind: 'event',
  event: recognition(given),
});

export const entries = (count: number): BoxEntry[] => Array.from({ length: count }, () => entry());

export const gapEntry = (given: Partial<Gap> = {}): BoxEntry => ({
  kind: 'gap',
  gap: gap(given),
});

export const appendAll = (
  journal: Journal,
  all: readonly JournalEntry[],
): Promise<JournalRecord[]> => Promise.all(all.map((each) => journal.append(each)));

/** The cursor of a record. @throws when there is no such record. */
export function cursorOf(journal: Journal, record: JournalRecord | undefined): Cursor {
  if (!record) throw new Error('there is no such record');
  return journal.cursorAt(record.position);
}

/** Takes all events of a person; how many. */
export const erasePerson = async (journal: Journal, identityId: string): Promise<number> =>
  (await journal.erase({ kind: 'identity', identityId })).events;

export const positionsOf = (items: readonly { readonly position: Position }[]): Position[] =>
  items.map(({ position }) => position);

export const eventsIn = (records: readonly JournalRecord[]): Recognition[] =>
  records.flatMap((record) => (record.kind === 'event' ? [record.event] : []));

export const gapsIn = (records: readonly JournalRecord[]): Gap[] =>
  records.flatMap((record) => (record.kind === 'gap' ? [record.gap] : []));

/** Everything behind the position, as a subscriber reads it. */
export async function readAll(journal: Journal, after = 0) {
  const records: JournalRecord[] = [];
  const gaps = [];
  for (let at = after as Position; at < journal.newest; ) {
    const page = await journal.read(at, 100);
    records.push(...page.records);
    if (page.gap) gaps.push(page.gap);
    at = page.position;
  }
  return { records, gaps };
}
