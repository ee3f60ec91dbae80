import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import type { Position } from '../../src/journal/journal.ts';
import type { JournalError } from '../../src/journal/journal-error.ts';
import { type JournalFileObserver, openJournal } from '../../src/journal/open-journal.ts';
import { appendAll, entries, journalFile, openAt } from '../support/journals.ts';
import { boxId } from '../support/recognitions.ts';

const PAGE_BYTES = 4_096;

class Told extends EventTarget implements JournalFileObserver {
  readonly said: string[] = [];

  unavailable({ code }: JournalError): void {
    this.said.push(code);
  }

  available(): void {
    this.dispatchEvent(new Event('available'));
  }

  setAside(): void {
    this.said.push('set aside');
  }
}

/** A journal of which some events in the middle can't be read, while its end can be written. */
async function withDamagedPast(path: string): Promise<void> {
  {
    await using journal = await openAt(path);
    await appendAll(journal, entries(3_000));
    journal.settle(boxId('a'), 1_000);
  }
  let root: number;
  {
    using database = new DatabaseSync(path, { readOnly: true });
    const row = database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'event'").get();
    root = Number(row?.['rootpage']);
  }
  const bytes = await readFile(path);
  // A cell of an interior page begins with the number of the page below it.
  const begin = (root - 1) * PAGE_BYTES;
  const middle = Math.floor(bytes.readUInt16BE(begin + 3) / 2);
  const leaf = bytes.readUInt32BE(begin + bytes.readUInt16BE(begin + 12 + 2 * middle));
  bytes.fill(0xff, (leaf - 1) * PAGE_BYTES, leaf * PAGE_BYTES);
  await writeFile(path, bytes);
}

const open = (path: string, told: Told) =>
  openJournal({ path, sync: 'normal', keepMs: 1e12, maxBytes: 1e12 }, told, { retryMs: 5 });

it.each([
  [
    'who resumes',
    (journal: Awaited<ReturnType<typeof open>>) => journal.read(0 as Position, 3_000),
  ],
  [
    'a history query',
    (journal: Awaited<ReturnType<typeof open>>) =>
      journal.history({ filter: {}, take: { from: 'first', count: 3_000 } }),
  ],
])('damage that only %s meets is told, and the file is set aside', async (_who, query) => {
  await using file = await journalFile();
  await withDamagedPast(file.path);
  const told = new Told();
  await using journal = await open(file.path, told);
  await appendAll(journal, entries(1));
  expect(told.said).toEqual([]);
  const available = once(told, 'available');
  await Promise.allSettled([query(journal)]);
  await available;
  expect(told.said).toEqual(['DAMAGED', 'set aside']);
  // How far each box was listened to is not forgotten with the file.
  expect(journal.settled.get(boxId('a'))).toBe(1_000);
  const [after] = await appendAll(journal, entries(1));
  expect(await journal.read(((after?.position ?? 0) - 1) as Position, 10)).toMatchObject({
    records: [after],
  });
});
