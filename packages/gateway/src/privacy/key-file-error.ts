import { CodedError } from '../errors.ts';
import { type DiskFailureCode, explainDiskFailure } from '../storage/disk-failure.ts';

/** Why the key file can't be used. Stable: the gateway branches on these. */
export type KeyFileErrorCode =
  | DiskFailureCode
  /** The file is the database of another program. */
  | 'NOT_A_KEY_FILE'
  /** The file was written by a newer gateway. */
  | 'NEWER_VERSION'
  /** The journal or the pictures were sealed with another key file, or this one is missing. */
  | 'OTHER_KEYS';

/** The message names the file and the reason, never the content of the file. */
export class KeyFileError extends CodedError<KeyFileErrorCode> {
  override readonly name = 'KeyFileError';
}

export function toKeyFileError(error: unknown, path: string): KeyFileError {
  if (error instanceof KeyFileError) return error;
  const [code, what] = explainDiskFailure(error);
  return new KeyFileError(code, `the key file ${path} ${what}`, { cause: error });
}
