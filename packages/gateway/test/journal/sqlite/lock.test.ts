import { expect, it } from 'vitest';
import { journalFile, openAt } from '../../support/journals.ts';
import { inOtherProcess } from '../../support/other-process.ts';

it('a journal keeps its locks on the file when somebody in the process tries to open it too', async () => {
  await using file = await journalFile();
  await using _journal = await openAt(file.path);
  await expect(openAt(file.path)).rejects.toMatchObject({ code: 'IN_USE' });
  const alone = 'PRAGMA locking_mode = EXCLUSIVE; SELECT 1 FROM event';
  expect(inOtherProcess(file.path, alone)).toBe('database is locked');
  expect(inOtherProcess(`${file.path}.lock`, 'BEGIN EXCLUSIVE')).toBe('database is locked');
});
