import { ExposedFile } from './private-file.ts';

/** What can be wrong with a file or the disk below it, as SQLite or the system says it. */
export type DiskFailureCode =
  | 'IN_USE'
  | 'READ_ONLY'
  | 'DAMAGED'
  | 'FULL'
  | 'EXPOSED'
  | 'UNAVAILABLE';

/** What follows the name of a file in a message is the text. */
type Explained = readonly [DiskFailureCode, string];

const FULL_OR_FAILING =
  'can’t be written: the disk or the quota of this user is full, or the disk fails';

/**
 * SQLite's result codes that say more than "it failed": https://sqlite.org/rescode.html
 *
 * The extended ones are those that say more than the primary one: SQLite knows of no reason but
 * ENOSPC why a file can't grow, and the others (EDQUOT, EFBIG) come as errors of writing.
 */
const PRIMARY: Readonly<Record<number, Explained>> = {
  5: ['IN_USE', 'is in use by another program'],
  8: ['READ_ONLY', 'may not be written'],
  11: ['DAMAGED', 'is damaged'],
  13: ['FULL', 'can’t grow: the disk is full'],
  26: ['DAMAGED', 'is damaged: it does not have the header of a database'],
};
const EXTENDED: Readonly<Record<number, Explained>> = {
  778: ['FULL', FULL_OR_FAILING],
  4874: ['FULL', FULL_OR_FAILING],
};

const SYSTEM: Readonly<Record<string, Explained>> = {
  EACCES: ['READ_ONLY', 'may not be opened or written by this user'],
  EPERM: ['READ_ONLY', 'may not be opened or written by this user'],
  EROFS: ['READ_ONLY', 'is on a read-only disk'],
  ENOSPC: ['FULL', 'can’t grow: the disk is full'],
  EDQUOT: ['FULL', 'can’t grow: the disk quota of this user is full'],
  EFBIG: ['FULL', 'can’t grow: it has reached the limit of file sizes'],
  ENOTDIR: ['UNAVAILABLE', 'can’t be made: a part of its path is a file'],
};

/** What failed, without a word of what is in the file: SQLite's messages may quote. */
export function explainDiskFailure(error: unknown): Explained {
  return known(error) ?? ['UNAVAILABLE', `failed (${nameOf(error)})`];
}

function known(error: unknown): Explained | undefined {
  if (error instanceof ExposedFile) {
    return [
      'EXPOSED',
      `may be read by other users, and this user may not change the rights of ${error.path}; make this user its owner (chown), or remove the rights of others (chmod go-rwx)`,
    ];
  }
  if (!(error instanceof Error)) return undefined;
  if ('errcode' in error && typeof error.errcode === 'number') {
    return EXTENDED[error.errcode] ?? PRIMARY[error.errcode & 0xff];
  }
  return 'code' in error ? SYSTEM[String(error.code)] : undefined;
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  if ('errcode' in error) return `SQLite ${String(error.errcode)}`;
  return 'code' in error ? String(error.code) : error.name;
}
