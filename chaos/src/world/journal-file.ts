import { copyFile, rm } from 'node:fs/promises';
import { backup, DatabaseSync } from 'node:sqlite';

/** More pages than a journal has: all of it in one step, which nobody's writing can make begin anew. */
const ALL_PAGES = 2 ** 30;

/** The journal on the gateway's disk, as somebody who looks after the machine sees it. */
export class JournalFile {
  readonly path: string;
  #copies = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** Copies it as it is now, whether the gateway runs or not. @returns where the copy is. */
  async backUp(): Promise<string> {
    this.#copies += 1;
    const copy = `${this.path}.copy-${this.#copies}`;
    const database = new DatabaseSync(this.path, { timeout: 5_000 });
    try {
      await backup(database, copy, { rate: ALL_PAGES });
    } finally {
      database.close();
    }
    return copy;
  }

  /** Puts a copy in its place. The gateway must not run. */
  async restore(copy: string): Promise<void> {
    for (const beside of ['-wal', '-shm']) await rm(`${this.path}${beside}`, { force: true });
    await copyFile(copy, this.path);
  }
}
