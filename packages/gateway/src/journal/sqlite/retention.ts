import type { DatabaseSync } from 'node:sqlite';
import { MARK_MS, MAX_MARKS } from '../gone.ts';
import { oldestRecords } from './oldest-records.ts';
import { pragma } from './schema.ts';
import { type KeptState, readState } from './state.ts';

/** What is kept; what is beyond any of these goes, the oldest first. */
export interface Limits {
  readonly keepMs: number;
  /** Of the file, without its write-ahead log. */
  readonly maxBytes: number;
  /** Default: any number. */
  readonly maxRecords?: number;
}

/** Records that go at once: so few that whoever waits for the file notices nothing. */
const STEP_RECORDS = 200;

/** Free pages that are given back to the disk at once, where more than a quarter are free. */
const STEP_PAGES = 64;

/**
 * Lets go of what is beyond the limits, as much of it as one step takes. `hasGone`: records went.
 * `isMore` asks for another step.
 */
export function retainStep(
  database: DatabaseSync,
  limits: Limits,
  now: number,
): { readonly hasGone: boolean; readonly isMore: boolean } {
  const state = readState(database);
  const end = endOfStep(database, limits, state, now);
  if (end === undefined) return { hasGone: false, isMore: giveBack(database) };
  drop(database, state.goneTo, end, now);
  return { hasGone: true, isMore: true };
}

/** Up to which position records go now; undefined when none do. */
function endOfStep(
  database: DatabaseSync,
  { keepMs, maxBytes, maxRecords = Infinity }: Limits,
  { goneTo, newest }: KeptState,
  now: number,
): number | undefined {
  const oldest = oldestRecords(database, STEP_RECORDS, now);
  const kept = newest - goneTo;
  const bytes = usedBytes(database);
  // As if all records were of one size: what is too little is made up for in the next step.
  const oversize = Math.ceil((kept * (bytes - maxBytes)) / bytes);
  const surplus = Math.max(kept - maxRecords, oversize);
  const going = oldest.filter(
    ({ position, at }, index) =>
      // The newest record stays, however old or large it is.
      position < newest && (at < now - keepMs || index < surplus),
  );
  // By the first that stays: a clock that was set back must not keep what came after.
  const staying = oldest.find((record) => !going.includes(record));
  return (staying ? going.findLast(({ position }) => position < staying.position) : going.at(-1))
    ?.position;
}

/** Lets go of everything from behind `goneTo` to `end`. */
export function drop(database: DatabaseSync, goneTo: number, end: number, now: number): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    database.prepare(MARK).run(end, now);
    database.prepare(FORGET_MARKS).run();
    const events = database.prepare('DELETE FROM event WHERE position <= ?').run(end).changes;
    const gaps = database
      .prepare('DELETE FROM gap WHERE position <= ? RETURNING position')
      .all(end)
      .map(({ position }) => Number(position));
    database.prepare('DELETE FROM hour WHERE last_position <= ?').run(end);
    // Where a position was left out is not known; that one was is.
    const isWhole = Number(events) + gaps.length === end - goneTo;
    database
      .prepare('UPDATE state SET gone_to = ?, gone_mixed_to = max(gone_mixed_to, ?)')
      .run(end, isWhole ? Math.max(0, ...gaps) : end);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

const MARK = `
  INSERT INTO gone
  SELECT min(position), min(received_at) FROM event
  WHERE position <= ? AND received_at <= ?
    AND received_at / ${MARK_MS} > coalesce((SELECT max(at) / ${MARK_MS} FROM gone), -1)
  GROUP BY received_at / ${MARK_MS}`;

const FORGET_MARKS = `
  DELETE FROM gone
  WHERE position <= (SELECT position FROM gone ORDER BY position DESC LIMIT 1 OFFSET ${MAX_MARKS})`;

const usedBytes = (database: DatabaseSync): number =>
  (pragma(database, 'page_count') - pragma(database, 'freelist_count')) *
  pragma(database, 'page_size');

/** Room that steady work will fill again is kept; much more than that goes back to the disk. */
function giveBack(database: DatabaseSync): boolean {
  const isMuchFree = () =>
    pragma(database, 'freelist_count') > Math.max(pragma(database, 'page_count') / 4, STEP_PAGES);
  if (!isMuchFree()) return false;
  database.exec(`PRAGMA incremental_vacuum(${STEP_PAGES})`);
  return isMuchFree();
}
