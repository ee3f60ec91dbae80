import { accessSync, chmodSync, closeSync, constants, openSync, statSync } from 'node:fs';

const OTHERS = 0o077;

/** Other users can read or change a file that is theirs or somebody else's to protect, not ours. */
export class ExposedFile extends Error {
  override readonly name = 'ExposedFile';
  readonly path: string;

  constructor(path: string, options: ErrorOptions) {
    super(`others may read ${path}`, options);
    this.path = path;
  }
}

/**
 * Makes the file where there is none, empty and for its owner alone. A file that is there is not
 * opened, and so keeps the locks that this process has on it: POSIX takes all of them away when
 * any descriptor of the file is closed.
 *
 * @throws what the system says, also when the file that is there may not be written: SQLite
 *   would open it for reading and lock nothing.
 */
export function makePrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (!isCoded(error, 'EEXIST')) throw error;
    accessSync(path, constants.W_OK);
  }
}

/**
 * Takes all rights on these files and folders from everybody but their owner, as far as they are
 * there: a backup that was restored, or a folder made by hand, comes with the rights of its maker.
 *
 * @returns the paths that others could read or change until now.
 * @throws {ExposedFile} when the rights can't be changed.
 */
export function closeToOthers(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => {
    const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
    if ((mode & OTHERS) === 0) return false;
    try {
      chmodSync(path, mode & 0o700);
    } catch (cause) {
      throw new ExposedFile(path, { cause });
    }
    return true;
  });
}

const isCoded = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
