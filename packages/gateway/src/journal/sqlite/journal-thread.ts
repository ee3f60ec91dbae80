import { extname } from 'node:path';
import { Thread } from '../../thread/thread.ts';
import { JournalError, type JournalErrorCode } from '../journal-error.ts';

/** @param name Of a file beside this one, without its ending. */
export function openJournalThread<Methods>(
  name: string,
  workerData: { readonly path: string; readonly keys: string },
): Thread<Methods> {
  const module = new URL(`./${name}${extname(import.meta.url)}`, import.meta.url);
  return new Thread(module, workerData, (failure, cause) =>
    failure
      ? new JournalError(failure.code as JournalErrorCode, failure.message)
      : new JournalError('UNAVAILABLE', `the thread of the journal ${workerData.path} has ended`, {
          cause,
        }),
  );
}
