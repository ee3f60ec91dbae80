import { CodedError } from '../errors.ts';
import { type DiskFailureCode, explainDiskFailure } from '../storage/disk-failure.ts';

/** Why the key file can't be used. Stable: the gateway branches on these. */
export type KeyFileErrorCode =
  | DiskFailureCode
  /** The file is the database of another program. */
  | 'NOT_A_KEY_FILE'
  /** The file was written by a newer gateway. */
  | 'NEWER_VERSION'
  /** The journal, the pictures or the cluster use the keys of another file, or this one is missing. */
  | 'OTHER_KEYS'
  /** Gateways share the keys, and this process can't change them alone. */
  | 'SHARED'
  /** Gateways share the keys, and one is missing: it was forgotten, or `SharedKeys` has not prepared it. */
  | 'KEY_MISSING';

/** The message names the file and the reason, never the content of the file. */
export class KeyFileError extends CodedError<KeyFileErrorCode> {
  override readonly name = 'KeyFileError';
}

export function toKeyFileError(error: unknown, path: string): KeyFileError {
  if (error instanceof KeyFileError) return error;
  const [code, what] = explainDiskFailure(error);
  return new KeyFileError(code, `the key file ${path} ${what}`, { cause: error });
}
