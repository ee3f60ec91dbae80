import { explainDiskFailure } from '../../storage/disk-failure.ts';
import { JournalError } from '../journal-error.ts';

/** What failed with the journal's file. */
export function toJournalError(error: unknown, path: string): JournalError {
  if (error instanceof JournalError) return error;
  const [code, what] = explainDiskFailure(error);
  return new JournalError(code, `the journal ${path} ${what}`, { cause: error });
}
