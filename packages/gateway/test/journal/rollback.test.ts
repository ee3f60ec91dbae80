import { describe, expect, it } from 'vitest';
import { FailoverJournal } from '../../src/journal/failover/failover-journal.ts';
import type { Journal, Position } from '../../src/journal/journal.ts';
import { JournalError } from '../../src/journal/journal-error.ts';
import type { SqliteJournal } from '../../src/journal/sqlite/sqlite-journal.ts';
import {
  backUp,
  type CopyJournal,
  copyAfterCheckpoint,
  putBack,
  vacuumInto,
} from '../support/copies.ts';
import { openJournalAt, ToldJournal } from '../support/failover.ts';
import {
  appendAll,
  cursorOf,
  entries,
  entry,
  journalFile,
  openAt,
  readAll,
} from '../support/journals.ts';

const UNKNOWN = { reason: 'UNKNOWN_CURSOR', from: null, to: null, boxId: null, count: null };

type Open = (path: string) => Promise<Journal>;

const journals: readonly [name: string, open: Open][] = [
  ['SQLite journal', openAt],
  ['failover journal', openJournalAt],
];

/** Copies a file of 3 events, to which 4 more are added before it is given back. */
type Way = (open: Open, path: string, copy: string) => Promise<Journal>;

const whileOpen =
  (copy: CopyJournal): Way =>
  async (open, path, to) => {
    const journal = await open(path);
    await appendAll(journal, entries(3));
    await copy(path, to);
    await appendAll(journal, entries(4));
    return journal;
  };

const whileClosed: Way = async (open, path, to) => {
  {
    await using journal = await open(path);
    await appendAll(journal, entries(3));
  }
  await backUp(path, to);
  const journal = await open(path);
  await appendAll(journal, entries(4));
  return journal;
};

const ways: readonly [name: string, way: Way][] = [
  ['while it was closed', whileClosed],
  ['by a backup while it was open', whileOpen(backUp)],
  ['by VACUUM INTO while it was open', whileOpen(vacuumInto)],
  ['after a checkpoint while it was open', whileOpen(copyAfterCheckpoint)],
];

describe.each(journals)('a %s that is rolled back to a copy', (_, open) => {
  it.each(ways)('made %s does not know cursors beyond the copy', async (_way, way) => {
    await using file = await journalFile();
    const copy = `${file.path}.copy`;
    const lost = await way(open, file.path, copy);
    const cursors = Array.from({ length: 8 }, (_, index) => lost.cursorAt(index as Position));
    await lost[Symbol.asyncDispose]();
    await putBack(copy, file.path);

    const assertKnown = (journal: Journal) => {
      for (const [position, cursor] of cursors.entries()) {
        expect(journal.resume(cursor)).toEqual(
          position <= 3 ? { position, gap: undefined } : { position: 0, gap: UNKNOWN },
        );
      }
    };
    {
      await using journal = await open(file.path);
      assertKnown(journal);
      await appendAll(journal, entries(9));
      assertKnown(journal);
    }
    // For ever.
    await using journal = await open(file.path);
    await appendAll(journal, entries(1));
    assertKnown(journal);
    const { position } = journal.resume(cursors[7] ?? '');
    expect((await readAll(journal, position)).records).toHaveLength(13);
  });

  it('takes all of its history to be newer than a cursor beyond the copy', async () => {
    await using file = await journalFile();
    const copy = `${file.path}.copy`;
    const lost = await whileOpen(backUp)(open, file.path, copy);
    const cursor = lost.cursorAt(7 as Position);
    await lost[Symbol.asyncDispose]();
    await putBack(copy, file.path);
    await using journal = await open(file.path);
    await appendAll(journal, entries(9));
    const take = { from: 'first', count: 20 } as const;
    const after = await journal.history({ filter: {}, after: cursor, take });
    expect(after.records).toHaveLength(12);
    const before = await journal.history({ filter: {}, before: cursor, take });
    expect(before.records).toHaveLength(0);
  });

  it('tells the cursors of two lives apart that began with one copy', async () => {
    await using file = await journalFile();
    const copy = `${file.path}.copy`;
    await (await whileOpen(backUp)(open, file.path, copy))[Symbol.asyncDispose]();
    const cursors: string[] = [];
    for (let life = 0; life < 2; life += 1) {
      await putBack(copy, file.path);
      await using journal = await open(file.path);
      const records = await appendAll(journal, entries(2));
      cursors.push(cursorOf(journal, records[1]));
    }
    await using journal = await open(file.path);
    await appendAll(journal, entries(5));
    expect(cursors.map((cursor) => journal.resume(cursor).gap)).toEqual([UNKNOWN, undefined]);
  });
});

it('a copy that takes the file’s place during an outage leaves a gap of the records between', async () => {
  await using file = await journalFile();
  const copy = `${file.path}.copy`;
  const told = new ToldJournal();
  const files: SqliteJournal[] = [];
  await using journal = await FailoverJournal.open({
    async open() {
      if (files.length > 0) await putBack(copy, file.path);
      const opened = await openAt(file.path);
      files.push(opened);
      return opened;
    },
    observer: told,
    retryMs: 5,
  });
  const old = await appendAll(journal, entries(3));
  await backUp(file.path, copy);
  const lost = await appendAll(journal, entries(4));
  const cursors = [old[2], lost[1]].map((record) => cursorOf(journal, record));
  const { recovery } = told;
  await files[0]?.abandon(new JournalError('UNAVAILABLE', 'the disk failed'));
  const inMemory = await journal.append(entry());
  cursors.push(cursorOf(journal, inMemory));
  await recovery;
  const later = await journal.append(entry());
  const between = { kind: 'gap', gap: { reason: 'JOURNAL_UNAVAILABLE', from: null } };
  expect((await readAll(journal)).records).toMatchObject([...old, between, inMemory, later]);
  // Of a subscriber that was behind.
  expect((await readAll(journal, lost[1]?.position)).records).toMatchObject([
    between,
    inMemory,
    later,
  ]);
  expect(cursors.map((cursor) => journal.resume(cursor))).toEqual([
    { position: 3, gap: undefined },
    { position: 0, gap: UNKNOWN },
    { position: 8, gap: undefined },
  ]);
});
