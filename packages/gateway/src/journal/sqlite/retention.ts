import type { DatabaseSync } from 'node:sqlite';
import type { Keyring } from '../../privacy/keyring.ts';
import type { Shares } from '../../storage/shares.ts';
import { transact } from '../../storage/transact.ts';
import { MARK_MS, MAX_MARKS } from '../gone.ts';
import { FairShare } from './fair-share.ts';
import { Leaving } from './leaving.ts';
import { oldestRecords } from './oldest-records.ts';
import { Packing } from './packing.ts';
import { pragma } from './schema.ts';
import type { Sources } from './sources.ts';
import { type KeptState, readState } from './state.ts';

/** What is kept; what is beyond any of these goes, the oldest first, by size those of one box. */
export interface Limits {
  readonly keepMs: number;
  /** Of the file, without its write-ahead log. */
  readonly maxBytes: number;
  /** Default: any number. */
  readonly maxRecords?: number;
  /** Of the room that is full. */
  readonly shares?: Shares;
}

/** Records that go at once: so few that whoever waits for the file notices nothing. */
const STEP_RECORDS = 200;

/**
 * Of the room, this part may be loose: so each stretch that is packed gives back much, however
 * little of it one box has.
 */
const LOOSE_PART = 1 / 64;

/** Free pages that are given back to the disk at once, where more than a quarter are free. */
const STEP_PAGES = 64;

export interface RetentionStep {
  readonly hasGone: boolean;
  /** Another step has something to do. */
  readonly isMore: boolean;
}

/** Lets go of what is beyond the limits, step by step. */
export class Retention {
  readonly #database: DatabaseSync;
  readonly #limits: Limits;
  readonly #sources: Sources;
  readonly #packing: Packing;
  readonly #fairShare: FairShare;
  readonly leaving: Leaving;

  constructor(database: DatabaseSync, limits: Limits, sources: Sources, keyring: Keyring) {
    this.#database = database;
    this.#limits = limits;
    this.#sources = sources;
    this.#packing = new Packing(database);
    this.#fairShare = new FairShare(database, limits.shares ?? new Map(), this.#packing);
    this.leaving = new Leaving(database, keyring, this.#packing);
  }

  /** As much as one step takes. `own`: instead of the limits that it was made with. */
  step(now: number, own: Partial<Limits> = {}): RetentionStep {
    const limits = { ...this.#limits, ...own };
    const database = this.#database;
    if (this.leaving.step()) return { hasGone: false, isMore: true };
    const state = readState(database);
    const end = endOfStep(database, limits, state, 0, now);
    if (end !== undefined) return this.#drop(state, end, now);
    const used = usedBytes(database);
    const made = used > limits.maxBytes && this.#makeRoom(used, limits, state, now);
    if (made) return made;
    const isMore = this.#sources.removeUnused();
    return { hasGone: false, isMore: giveBack(database) || isMore };
  }

  /**
   * What goes from between other records gives no page back. So records go until enough is loose,
   * and the stretches where most is are packed. Undefined when nothing may go.
   *
   * @param used Bytes of the file's pages, more than it may have.
   */
  #makeRoom(
    used: number,
    limits: Limits,
    state: KeptState,
    now: number,
  ): RetentionStep | undefined {
    const { maxBytes } = limits;
    const owed = used - maxBytes * (1 - LOOSE_PART) - this.#packing.loose;
    const fair = owed > 0 ? this.#fairShare.step(owed, state.newest, now) : 'end';
    if (fair === 'went' || fair === 'searched') return { hasGone: fair === 'went', isMore: true };
    if (this.#packing.step()) return { hasGone: false, isMore: true };
    const oldest = endOfStep(this.#database, limits, state, (used - maxBytes) / used, now);
    return oldest === undefined ? undefined : this.#drop(state, oldest, now);
  }

  #drop({ goneTo }: KeptState, end: number, now: number): RetentionStep {
    drop(this.#database, goneTo, end, now);
    this.#packing.forget(end);
    return { hasGone: true, isMore: true };
  }
}

/**
 * Up to which position records go now, the oldest first whatever box they are of; undefined when
 * none do.
 *
 * @param excess By what part of itself the journal is too large.
 */
function endOfStep(
  database: DatabaseSync,
  { keepMs, maxRecords = Infinity }: Limits,
  { goneTo, newest }: KeptState,
  excess: number,
  now: number,
): number | undefined {
  const oldest = oldestRecords(database, STEP_RECORDS, now);
  const kept = newest - goneTo;
  // As if all records were of one size: what is too little is made up for in the next step.
  const surplus = Math.max(kept - maxRecords, Math.ceil(kept * excess));
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

/**
 * Everything up to the position was erased: whoever resumes from there is told so, as after
 * retention. Events may be there still.
 */
export function goneBy(database: DatabaseSync, end: number): void {
  transact(database, () => {
    database.prepare('DELETE FROM gap WHERE position <= ?').run(end);
    database
      .prepare(
        'UPDATE state SET gone_to = max(gone_to, ?1), gone_mixed_to = max(gone_mixed_to, ?1)',
      )
      .run(end);
  });
}

/** Lets go of everything from behind `goneTo` to `end`. */
function drop(database: DatabaseSync, goneTo: number, end: number, now: number): void {
  transact(database, () => {
    database.prepare(MARK).run(end, now);
    database.prepare(FORGET_MARKS).run();
    const events = database.prepare('DELETE FROM event WHERE position <= ?').run(end).changes;
    database.prepare('DELETE FROM alarm WHERE opened <= ?').run(end);
    const gaps = database
      .prepare('DELETE FROM gap WHERE position <= ? RETURNING position')
      .all(end)
      .map(({ position }) => Number(position));
    database.prepare('DELETE FROM hour WHERE last_position <= ?').run(end);
    // Where a position was left out is not known; that one was is.
    const isWhole = Number(events) + gaps.length === end - goneTo;
    // What was erased may be there still, though it counts as gone.
    database
      .prepare('UPDATE state SET gone_to = max(gone_to, ?), gone_mixed_to = max(gone_mixed_to, ?)')
      .run(end, isWhole ? Math.max(0, ...gaps) : end);
  });
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
