import type { DatabaseSync } from 'node:sqlite';
import { drop } from './retention.ts';
import { pragma } from './schema.ts';
import { readState } from './state.ts';

/** Free pages that are given back to the disk at once. */
const STEP_PAGES = 64;

/** Deletes the events; `secure_delete` overwrites what they were with zeros. */
export function eraseEvents(database: DatabaseSync, positions: readonly number[]): void {
  const { newest } = readState(database);
  database.exec('BEGIN IMMEDIATE');
  try {
    const remove = database.prepare('DELETE FROM event WHERE position = ?');
    for (const position of positions) remove.run(position);
    // A position that was given out is never given out again, though its record is gone.
    database.prepare('UPDATE state SET given_to = ?').run(newest);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Everything older than the time has been erased: whoever resumes from there is told so, as after retention. */
export function settleBefore(database: DatabaseSync, time: number): void {
  const { goneTo, newest } = readState(database);
  const first = database.prepare('SELECT min(position) AS position FROM event').get();
  const gap = database
    .prepare('SELECT min(position) AS position FROM gap WHERE coalesce(to_time, 0) >= ?')
    .get(time);
  const staying = [first, gap].map((row) => Number(row?.['position'] ?? newest + 1));
  const end = Math.min(...staying) - 1;
  if (end > goneTo) drop(database, goneTo, end, Date.now());
}

/** Gives some of the free pages back to the disk, with what was in them. Whether there are more. */
export function vacuumStep(database: DatabaseSync): boolean {
  database.exec(`PRAGMA incremental_vacuum(${STEP_PAGES})`);
  return pragma(database, 'freelist_count') > 0;
}
