import type { DatabaseSync } from 'node:sqlite';
import type { BoxId } from '../../config/ids.ts';
import type { Epoch } from '../cursor.ts';
import type { GoneMark } from '../gone.ts';

/**
 * Positions that are good under an epoch which was lent to another journal. Beyond `last`, what
 * it gave out never came here, and is gone with it.
 */
export interface EpochSpan {
  readonly epoch: Epoch;
  readonly first: number;
  readonly last: number;
}

/** Instead of positions: the epoch is kept for the journal that stands in the next time. */
export const RESERVED = -1;

/** What of a file has to be known to place a cursor. */
export interface JournalState {
  readonly epoch: Epoch;
  readonly lent: readonly EpochSpan[];
  readonly newest: number;
  /** The newest position that is gone; 0 when none is. */
  readonly goneTo: number;
  /** The newest of those that was not an event. */
  readonly goneMixedTo: number;
  /** When what is gone came, oldest first. */
  readonly gone: readonly GoneMark[];
  /** When the oldest record came, ms by our clock; null when there is none, or it is a gap that does not know. */
  readonly oldestAt: number | null;
}

export function readState(database: DatabaseSync): JournalState {
  const row = database.prepare('SELECT epoch, gone_to, gone_mixed_to FROM state').get() ?? {};
  const lent = database
    .prepare('SELECT epoch, first_position, last_position FROM lent_epoch')
    .all();
  const gone = database.prepare('SELECT position, at FROM gone ORDER BY position').all();
  const { newest } = database.prepare(NEWEST).get() ?? {};
  const { at } = database.prepare(OLDEST_AT).get() ?? {};
  const goneTo = Number(row['gone_to']);
  const spans = lent.map((span) => ({
    epoch: epochOf(span['epoch']),
    first: Number(span['first_position']),
    last: Number(span['last_position']),
  }));
  return {
    epoch: epochOf(row['epoch']),
    lent: spans.filter(({ last }) => last !== RESERVED),
    // A position that was given out is never given out again, whether or not its record is there.
    newest: Math.max(Number(newest), goneTo, ...spans.map(({ last }) => last)),
    goneTo,
    goneMixedTo: Number(row['gone_mixed_to']),
    gone: gone.map(({ position, at }) => ({ position: Number(position), at: Number(at) })),
    oldestAt: typeof at === 'number' ? at : null,
  };
}

export function readSettled(database: DatabaseSync): ReadonlyMap<BoxId, number> {
  const rows = database.prepare('SELECT box_id, to_time FROM settled').all();
  return new Map(rows.map((row) => [row['box_id'] as BoxId, Number(row['to_time'])]));
}

export function epochBytes(epoch: Epoch): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(epoch);
  return bytes;
}

function epochOf(value: unknown): Epoch {
  if (value instanceof Uint8Array && value.length === 8) {
    return Buffer.from(value.buffer, value.byteOffset, 8).readBigUInt64BE();
  }
  throw new TypeError('an epoch in the file is not 8 bytes');
}

const NEWEST = `
  SELECT max(
    coalesce((SELECT max(position) FROM event), 0),
    coalesce((SELECT max(position) FROM gap), 0)
  ) AS newest`;

const OLDEST_AT = `
  SELECT at FROM (
    SELECT * FROM (SELECT position, received_at AS at FROM event ORDER BY position LIMIT 1)
    UNION ALL
    SELECT * FROM (SELECT position, to_time AS at FROM gap ORDER BY position LIMIT 1)
  ) ORDER BY position LIMIT 1`;
