import type { DatabaseSync } from 'node:sqlite';
import { type Epoch, newEpoch } from '../cursor.ts';

/**
 * One opening of the file for writing: the positions from `first` to the next opening were given
 * out under its epoch. A copy of the file has the openings from before it was copied, and its
 * own from then on: so an epoch and a position under it name one record, in whatever copy.
 */
export interface Opening {
  readonly epoch: Epoch;
  readonly first: number;
}

/**
 * Positions that are good under an epoch which was lent to another journal. That journal gave
 * out positions beyond `last` too, but their records never came here.
 */
export interface LentSpan {
  readonly epoch: Epoch;
  readonly first: number;
  readonly last: number;
}

/** All epochs that the file knows. */
export interface Epochs {
  /** Oldest first. */
  readonly openings: readonly Opening[];
  readonly lent: readonly LentSpan[];
}

/** Instead of positions: the epoch is kept for the journal that stands in the next time. */
const RESERVED = -1;

/** So many openings are remembered, and so many lent epochs; beyond it the oldest are forgotten. */
export const MAX_EPOCHS = 1_000;

export function readEpochs(database: DatabaseSync): Epochs {
  const openings = database
    .prepare('SELECT epoch, first_position FROM opening ORDER BY first_position')
    .all();
  const lent = database
    .prepare('SELECT epoch, first_position, last_position FROM lent_epoch WHERE last_position <> ?')
    .all(RESERVED);
  return {
    openings: openings.map((row) => ({
      epoch: epochOf(row['epoch']),
      first: Number(row['first_position']),
    })),
    lent: lent.map((row) => ({
      epoch: epochOf(row['epoch']),
      first: Number(row['first_position']),
      last: Number(row['last_position']),
    })),
  };
}

/** The epoch to give out a cursor under, so that every copy that has the record knows the cursor. */
export function epochAt(openings: readonly Opening[], position: number): Epoch {
  // A copy that knows an opening has all that was there before it.
  const opening = openings.findLast(({ first }) => first <= position) ?? openings[0];
  if (opening) return opening.epoch;
  throw new TypeError('the file knows no epoch');
}

/** The last position that was given out under an opening's epoch; undefined when it is unknown. */
export function lastOf(
  openings: readonly Opening[],
  epoch: Epoch,
  newest: number,
): number | undefined {
  const index = openings.findIndex((opening) => opening.epoch === epoch);
  if (index === -1) return undefined;
  const next = openings[index + 1];
  return next ? next.first - 1 : newest;
}

/**
 * Notes an opening before it gives out its first position. An opening that gave out none is
 * forgotten: its place is that of the new one.
 *
 * An epoch that an earlier opening reserved may have been lent in a process that is no more. Then
 * all that was given out under it lies beyond what the file had before this opening, and is gone.
 */
export function beginOpening(database: DatabaseSync, opening: Opening): void {
  const { first } = opening;
  putOpening(database, opening);
  database
    .prepare(
      'UPDATE lent_epoch SET first_position = ?1, last_position = ?1 WHERE last_position = ?2',
    )
    .run(first - 1, RESERVED);
  database
    .prepare(
      `DELETE FROM opening WHERE first_position <=
         (SELECT first_position FROM opening ORDER BY first_position DESC LIMIT 1 OFFSET ?)`,
    )
    .run(MAX_EPOCHS);
  database
    .prepare(
      `DELETE FROM lent_epoch WHERE epoch IN
         (SELECT epoch FROM lent_epoch ORDER BY last_position DESC LIMIT -1 OFFSET ?)`,
    )
    .run(MAX_EPOCHS);
}

/** In the place of one that begins there too, if there is one. */
export function putOpening(database: DatabaseSync, { epoch, first }: Opening): void {
  database
    .prepare(
      `INSERT INTO opening VALUES (?, ?)
       ON CONFLICT (first_position) DO UPDATE SET epoch = excluded.epoch`,
    )
    .run(first, epochBytes(epoch));
}

/** Reserves an epoch to be lent. */
export function reserveEpoch(database: DatabaseSync): Epoch {
  const epoch = newEpoch();
  database.prepare('INSERT INTO lent_epoch VALUES (?1, ?2, ?2)').run(epochBytes(epoch), RESERVED);
  return epoch;
}

/** Positions beyond `after`, up to `upTo`, are good under the epoch, with those lent to it before. */
export function lend(database: DatabaseSync, epoch: Epoch, after: number, upTo: number): void {
  database
    .prepare(
      `INSERT INTO lent_epoch VALUES (?, ?, ?)
       ON CONFLICT (epoch) DO UPDATE SET
         first_position = iif(first_position = ${RESERVED}, excluded.first_position, first_position),
         last_position = max(last_position, excluded.last_position)`,
    )
    .run(epochBytes(epoch), after, upTo);
}

export function epochBytes(epoch: Epoch): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(epoch);
  return bytes;
}

export function epochOf(value: unknown): Epoch {
  if (value instanceof Uint8Array && value.length === 8) {
    return Buffer.from(value.buffer, value.byteOffset, 8).readBigUInt64BE();
  }
  throw new TypeError('an epoch in the file is not 8 bytes');
}
