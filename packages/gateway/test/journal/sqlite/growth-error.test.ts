import { expect, it } from 'vitest';
import { toJournalError } from '../../../src/journal/sqlite/to-journal-error.ts';

/** SQLITE_IOERR_WRITE, SQLITE_IOERR_SHMSIZE */
it.each([778, 4_874])('a file that may not grow is a full disk (SQLite %i)', (errcode) => {
  const error = Object.assign(new Error('disk I/O error'), { errcode });
  expect(toJournalError(error, 'journal.db')).toMatchObject({ code: 'FULL' });
});
