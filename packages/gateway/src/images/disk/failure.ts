import type { Failure } from '../../thread/serve.ts';
import type { ImageStoreErrorCode } from '../image-store-error.ts';

/** SQLite's primary result codes that say more than "it failed": https://sqlite.org/rescode.html */
const CODES: Readonly<Record<number, readonly [ImageStoreErrorCode, string]>> = {
  8: ['READ_ONLY', 'may not be written'],
  11: ['DAMAGED', 'has a damaged index'],
  13: ['FULL', 'can’t grow: the disk is full'],
  26: ['DAMAGED', 'has a damaged index'],
};

const SYSTEM_CODES: Readonly<Record<string, readonly [ImageStoreErrorCode, string]>> = {
  EACCES: ['READ_ONLY', 'may not be written by this user'],
  EPERM: ['READ_ONLY', 'may not be written by this user'],
  EROFS: ['READ_ONLY', 'is on a disk that may only be read'],
  ENOSPC: ['FULL', 'can’t grow: the disk is full'],
  EDQUOT: ['FULL', 'can’t grow: this user’s share of the disk is full'],
  ENOTDIR: ['UNAVAILABLE', 'can’t be made: a part of its path is a file'],
};

/** What failed with the folder, without a word of what is in it. */
export function toImageFailure(error: unknown, path: string): Failure<ImageStoreErrorCode> {
  const [code, what] = explained(error) ?? ['UNAVAILABLE', `failed (${nameOf(error)})`];
  return { code, message: `the pictures' folder ${path} ${what}` };
}

function explained(error: unknown): readonly [ImageStoreErrorCode, string] | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('errcode' in error && typeof error.errcode === 'number') return CODES[error.errcode & 0xff];
  return 'code' in error ? SYSTEM_CODES[String(error.code)] : undefined;
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  if ('errcode' in error) return `SQLite ${String(error.errcode)}`;
  return 'code' in error ? String(error.code) : error.name;
}
