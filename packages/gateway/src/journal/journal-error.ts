import { CodedError } from '../errors.ts';

/** Why a journal's file can't be used. Stable: the gateway branches on these. */
export type JournalErrorCode =
  /** Another gateway has the file. */
  | 'IN_USE'
  /** The file was written by a newer gateway. */
  | 'NEWER_VERSION'
  /** The file is somebody else's database. */
  | 'NOT_A_JOURNAL'
  /** The disk, or what may be used of it, is full. */
  | 'FULL'
  /** The file or its directory may not be written. */
  | 'READ_ONLY'
  /** Other users may read the file, and this one may not change that. */
  | 'EXPOSED'
  /** The file has a second name (a hard link), by which another gateway could write it too. */
  | 'LINKED'
  /** The key file is damaged, none, or not the one that the journal was sealed with. */
  | 'KEYS_UNUSABLE'
  /** The file holds records of another log, at positions that this one gives out. */
  | 'OTHER_LOG'
  /** The log has lost messages that this gateway has read. */
  | 'LOG_WENT_BACK'
  /** Another gateway writes what this box says. */
  | 'NOT_OWNER'
  /** The file's content makes no sense any more. */
  | 'DAMAGED'
  /** The disk or the system failed in another way. */
  | 'UNAVAILABLE'
  /** More is to be written than may wait. */
  | 'OVERLOADED';

/** The message names the file and the reason, never anything that is in the file. */
export class JournalError extends CodedError<JournalErrorCode> {
  override readonly name = 'JournalError';

  /** Nothing gets better by waiting: somebody has to change the configuration or the file. */
  get isFinal(): boolean {
    return FINAL.has(this.code);
  }
}

const FINAL: ReadonlySet<JournalErrorCode> = new Set([
  'IN_USE',
  'NEWER_VERSION',
  'NOT_A_JOURNAL',
  'EXPOSED',
  'LINKED',
  'KEYS_UNUSABLE',
  'OTHER_LOG',
]);

/** The error itself, or UNAVAILABLE with it as the cause. */
export const asJournalError = (error: unknown): JournalError =>
  error instanceof JournalError
    ? error
    : new JournalError('UNAVAILABLE', 'the journal failed', { cause: error });
