import { DatabaseSync } from 'node:sqlite';
import { explainDiskFailure } from './disk-failure.ts';
import { makePrivateFile } from './private-file.ts';

/**
 * Holds the file against every other process, and every other holder in this one, until it is
 * disposed of, which the system does when the process dies. Undefined when somebody else has it.
 *
 * It is a database that stays empty: a file with a process id in it would outlive a crash, and
 * Node has no other lock.
 *
 * @throws what SQLite or the system says.
 */
export function holdAlone(path: string): Disposable | undefined {
  makePrivateFile(path);
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (explainDiskFailure(error)[0] !== 'IN_USE') throw error;
    return undefined;
  }
  return { [Symbol.dispose]: () => lock.close() };
}
