import { KeyFileError } from '../../privacy/key-file-error.ts';
import { explainDiskFailure } from '../../storage/disk-failure.ts';
import { JournalError, type JournalErrorCode } from '../journal-error.ts';

/** What failed with the journal's file, or with the keys of what is in it. */
export function toJournalError(error: unknown, path: string): JournalError {
  if (error instanceof JournalError) return error;
  if (error instanceof KeyFileError) {
    return new JournalError(codeOf(error), error.message, { cause: error });
  }
  const [code, what] = explainDiskFailure(error);
  return new JournalError(code, `the journal ${path} ${what}`, { cause: error });
}

/** What is wrong with the key file must not be taken for damage to the journal. */
function codeOf({ code }: KeyFileError): JournalErrorCode {
  if (code === 'FULL' || code === 'READ_ONLY') return code;
  return code === 'UNAVAILABLE' || code === 'IN_USE' ? 'UNAVAILABLE' : 'KEYS_UNUSABLE';
}
