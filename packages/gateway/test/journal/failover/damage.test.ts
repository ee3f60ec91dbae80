import { readFile, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { FailoverJournal } from '../../../src/journal/failover/failover-journal.ts';
import type {
  AppendedRecord,
  Journal,
  JournalRecord,
  Position,
} from '../../../src/journal/journal.ts';
import { JournalError } from '../../../src/journal/journal-error.ts';
import { openJournalAt, ToldJournal } from '../../support/failover.ts';
import {
  appendAll,
  entries,
  entry,
  journalFile,
  UNOBSERVED as observer,
  openAt,
  readAll,
} from '../../support/journals.ts';
import { boxId } from '../../support/recognitions.ts';

const PAGE_BYTES = 4_096;

type PickPage = (file: Buffer, root: number) => number;

/** Overwrites one page of what SQLite keeps under that name: its root, unless it is said otherwise. */
async function damage(path: string, name: string, pick: PickPage = (_, root) => root) {
  const file = await readFile(path);
  const page = pick(file, rootPage(path, name));
  file.fill(0xff, (page - 1) * PAGE_BYTES, page * PAGE_BYTES);
  await writeFile(path, file);
}

function rootPage(path: string, name: string): number {
  using database = new DatabaseSync(path, { readOnly: true });
  const row = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(name);
  return Number(row?.['rootpage']);
}

const leafInTheMiddle: PickPage = (file, root) => {
  // A cell of an interior page begins with the number of the page below it.
  const begin = (root - 1) * PAGE_BYTES;
  const middle = Math.floor(file.readUInt16BE(begin + 3) / 2);
  return file.readUInt32BE(begin + file.readUInt16BE(begin + 12 + 2 * middle));
};

/** A journal that shows its damage to whoever writes. */
async function withDamagedIndex(path: string): Promise<void> {
  {
    await using journal = await openAt(path);
    await appendAll(journal, entries(2_000));
  }
  await damage(path, 'event_by_identity');
}

/** A journal of which some events in the middle can't be read, while its end can be written. */
async function withDamagedPast(path: string): Promise<void> {
  {
    await using journal = await openAt(path);
    await appendAll(journal, entries(3_000));
    journal.settle(boxId('a'), { at: 1_000 });
  }
  await damage(path, 'event', leafInTheMiddle);
}

it('damage that a write meets is told, and the file is set aside', async () => {
  await using file = await journalFile();
  await withDamagedIndex(file.path);
  const told = new ToldJournal();
  await using journal = await openJournalAt(file.path, told);
  const { recovery } = told;
  const records = await appendAll(journal, entries(2_000));
  await recovery;
  expect(told.said).toEqual([
    'DAMAGED',
    expect.stringContaining('.damaged-'),
    { restored: expect.any(Number), lost: 0 },
  ]);
  const { records: kept } = await readAll(journal, records[0]?.position);
  expect(kept.at(-1)).toEqual(records.at(-1));
});

it.each([
  ['one who resumes', (journal: Journal) => journal.read(0 as Position, 3_000)],
  [
    'a history query',
    (journal: Journal) => journal.history({ filter: {}, take: { from: 'first', count: 3_000 } }),
  ],
])('damage that only %s meets is told, and the file is set aside', async (_who, query) => {
  await using file = await journalFile();
  await withDamagedPast(file.path);
  const told = new ToldJournal();
  await using journal = await openJournalAt(file.path, told);
  await appendAll(journal, entries(1));
  expect(told.said).toEqual([]);
  const { recovery } = told;
  await Promise.allSettled([query(journal)]);
  await recovery;
  expect(told.said).toEqual([
    'DAMAGED',
    expect.stringContaining('.damaged-'),
    { restored: 0, lost: 0 },
  ]);
  // How far each box was listened to is not forgotten with the file.
  expect(journal.settled.get(boxId('a'))).toEqual({ at: 1_000 });
  const [after] = await appendAll(journal, entries(1));
  expect(await journal.read(((after?.position ?? 0) - 1) as Position, 10)).toMatchObject({
    records: [after],
  });
});

it('what is under way when a query meets damage keeps its order, and its positions', async () => {
  await using file = await journalFile();
  await withDamagedPast(file.path);
  const appended: Promise<AppendedRecord>[] = [];
  const append = () => appended.push(journal.append(entry()));
  const told = new (class extends ToldJournal {
    override unavailable(error: JournalError): void {
      super.unavailable(error);
      append();
    }
  })();
  await using journal: Journal = await openJournalAt(file.path, told);
  const heard: JournalRecord[] = [];
  // One is always under way, and never more than a few: the reader has its turns.
  journal.onAppend((record) => {
    heard.push(record);
    if (told.said.length === 0) append();
  });
  const first = journal.newest + 1;
  const { recovery } = told;
  append();
  await Promise.all([Promise.allSettled([journal.read(0 as Position, 3_000)]), recovery]);
  const resolved = (await Promise.all(appended)).toSorted((a, b) => a.position - b.position);
  expect(resolved).toEqual(heard);
  expect(heard.map(({ position }) => position)).toEqual(heard.map((_, index) => first + index));
  const { records } = await readAll(journal);
  expect(records).toEqual(heard.slice(-records.length));
});

it('tells who reads on from before of a gap as long as the file can’t be opened again', async () => {
  await using file = await journalFile();
  await withDamagedIndex(file.path);
  const refused = Promise.withResolvers<void>();
  await using journal = await FailoverJournal.open({
    open: (after) => {
      if (!after) return openAt(file.path);
      refused.resolve();
      return Promise.reject(new JournalError('UNAVAILABLE', 'the disk is gone'));
    },
    observer,
    retryMs: 5,
  });
  const [first] = await appendAll(journal, entries(2_000));
  await refused.promise;
  expect(await journal.read(((first?.position ?? 0) - 1_000) as Position, 10)).toMatchObject({
    records: [],
    gap: { reason: 'JOURNAL_UNAVAILABLE' },
  });
});
