import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { openJournalAt, ToldJournal } from '../support/failover.ts';
import { entry, journalFile, openAt } from '../support/journals.ts';

it('a directory that can’t be made is no reason not to start, and the file is written once it can be', async () => {
  await using file = await journalFile();
  await writeFile(dirname(file.path), 'a file where a directory should be');
  const told = new ToldJournal();
  await using journal = await openJournalAt(file.path, told);
  await journal.append(entry());
  expect(told.said).toEqual(['UNAVAILABLE']);
  const { recovery } = told;
  await rm(dirname(file.path));
  await recovery;
  expect(told.said).toEqual(['UNAVAILABLE', { restored: 1, lost: 0 }]);
  expect(await journal.count({})).toBe(1);
});

it('a file that another gateway uses is a reason not to start', async () => {
  await using file = await journalFile();
  await using _first = await openJournalAt(file.path);
  await expect(openJournalAt(file.path)).rejects.toThrow(
    /journal\.db is in use by another gateway; stop that one, or set journal\.path/,
  );
});

it('a damaged file is set aside as it is, and a new one begins', async () => {
  await using file = await journalFile();
  await (await openAt(file.path))[Symbol.asyncDispose]();
  const damaged = 'not what it was'.repeat(1_000);
  await writeFile(file.path, damaged);
  const told = new ToldJournal();
  await using journal = await openJournalAt(file.path, told);
  expect(await journal.append(entry())).toMatchObject({ position: 1 });
  const name = String(told.said[0]);
  expect(name).toMatch(/journal\.db\.damaged-\d{8}T\d{6}Z$/);
  expect(told.said).toHaveLength(1);
  expect(await readFile(name, 'utf8')).toBe(damaged);
});
