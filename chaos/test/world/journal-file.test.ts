import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { JournalFile } from '../../src/world/journal-file.ts';

it('restores what was there at the time of the copy, also of a file that was in use', async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'se5-journal-file-'));
  stack.defer(() => rm(folder, { recursive: true }));
  const journal = new JournalFile(join(folder, 'journal.db'));
  const inUse = new DatabaseSync(journal.path);
  inUse.exec(
    'PRAGMA journal_mode = WAL; CREATE TABLE event (id TEXT); INSERT INTO event VALUES (1)',
  );
  const copy = await journal.backUp();
  inUse.exec('INSERT INTO event VALUES (2)');
  inUse.close();
  await journal.restore(copy);
  const restored = new DatabaseSync(journal.path);
  stack.defer(() => restored.close());
  expect(restored.prepare('SELECT id FROM event').all()).toEqual([{ id: '1' }]);
});
