import type { DatabaseSync } from 'node:sqlite';

/**
 * All of the work, or nothing of it.
 *
 * @throws what the work throws, and what SQLite says.
 */
export function transact<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite has rolled some failures back by itself.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
