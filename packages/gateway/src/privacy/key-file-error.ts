import { CodedError } from '../errors.ts';
import { type DiskFailureCode, explainDiskFailure } from '../storage/disk-failure.ts';

/** Why the key file can't be used. Stable: the gateway branches on these. */
export type KeyFileErrorCode =
  | DiskFailureCode
  /** The file is somebody else's database. */
  | 'NOT_A_KEY_FILE'
  /** The file was written by a newer gateway. */
  | 'NEWER_VERSION'
  /** What is to be read was sealed with the keys of another file. */
  | 'OTHER_KEYS';

/** The message names the file and the reason, never anything that is in the file. */
export class KeyFileError extends CodedError<KeyFileErrorCode> {
  override readonly name = 'KeyFileError';
}

export function toKeyFileError(error: unknown, path: string): KeyFileError {
  if (error instanceof KeyFileError) return error;
  const [code, what] = explainDiskFailure(error);
  return new KeyFileError(code, `the key file ${path} ${what}`, { cause: error });
}
