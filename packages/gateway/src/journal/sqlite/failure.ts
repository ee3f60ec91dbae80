import { JournalError, type JournalErrorCode } from '../journal-error.ts';

/** SQLite's primary result codes that say more than "it failed": https://sqlite.org/rescode.html */
const CODES: Readonly<Record<number, readonly [JournalErrorCode, string]>> = {
  5: ['IN_USE', 'is in use by another program'],
  8: ['READ_ONLY', 'may not be written'],
  11: ['DAMAGED', 'is damaged'],
  13: ['FULL', 'can’t grow: the disk is full'],
  26: ['DAMAGED', 'is damaged: it does not begin as a database does'],
};

/**
 * Extended result codes, as far as they say more than the primary one: SQLite knows of no reason
 * but ENOSPC why a file can't grow, and the others (EDQUOT, EFBIG) come as errors of writing.
 */
const EXTENDED_CODES: Readonly<Record<number, readonly [JournalErrorCode, string]>> = {
  778: ['FULL', 'can’t be written: the disk, or what may be used of it, is full, or it fails'],
  4874: ['FULL', 'can’t grow: the disk, or what may be used of it, is full, or it fails'],
};

/** What the system says of a file before SQLite has it. */
const SYSTEM_CODES: Readonly<Record<string, readonly [JournalErrorCode, string]>> = {
  EACCES: ['READ_ONLY', 'may not be opened by this user'],
  EPERM: ['READ_ONLY', 'may not be opened by this user'],
  EROFS: ['READ_ONLY', 'is on a disk that may only be read'],
  ENOSPC: ['FULL', 'can’t grow: the disk is full'],
  EDQUOT: ['FULL', 'can’t grow: this user’s share of the disk is full'],
};

/** What failed with the file, without a word of what is in it: SQLite's messages may quote. */
export function toJournalError(error: unknown, path: string): JournalError {
  if (error instanceof JournalError) return error;
  const [code, what] = explained(error) ?? ['UNAVAILABLE', `failed (${nameOf(error)})`];
  return new JournalError(code, `the journal ${path} ${what}`, { cause: error });
}

function explained(error: unknown): readonly [JournalErrorCode, string] | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('errcode' in error && typeof error.errcode === 'number') {
    return EXTENDED_CODES[error.errcode] ?? CODES[error.errcode & 0xff];
  }
  return 'code' in error ? SYSTEM_CODES[String(error.code)] : undefined;
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  if ('errcode' in error) return `SQLite ${String(error.errcode)}`;
  return 'code' in error ? String(error.code) : error.name;
}
