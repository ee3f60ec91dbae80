import { accessSync, closeSync, constants, openSync } from 'node:fs';

/**
 * Makes the file where there is none, empty and for its owner alone. One that is there is not
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
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    accessSync(path, constants.W_OK);
  }
}
