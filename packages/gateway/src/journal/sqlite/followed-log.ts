import type { DatabaseSync } from 'node:sqlite';
import type { CursorKey, Epoch } from '../cursor.ts';
import type { Gap } from '../gap.ts';
import { JournalError } from '../journal-error.ts';
import { setCursorKey } from './cursor-keys.ts';
import { beginOpening, epochBytes, epochOf, putOpening } from './epochs.ts';
import { gapValues } from './rows.ts';

/** A log that several gateways share. Positions in the file are those of the log. */
export interface LogPlace {
  /** Different for a log that was made anew. */
  readonly epoch: Epoch;
  /** The position that the log gave out first. */
  readonly first: number;
  /** The position of the oldest record that the log still has, or is to have. */
  readonly oldest: number;
  /** The position of its newest record. */
  readonly newest: number;
  /** With which all gateways make cursors. */
  readonly cursorKey: CursorKey;
}

/**
 * From now on the file holds the records of this log. Records that the file can't have any more
 * become a gap.
 *
 * @param newest The position of the newest record in the file; 0 when there is none.
 * @returns the position up to which the file has everything of the log that can be had, and the
 *   gap that stands there, if one was put there just now.
 * @throws {JournalError} OTHER_LOG when positions of the log would be given out twice;
 *   LOG_WENT_BACK when it gives out some again: a server lost its newest messages, in a power cut say.
 */
export function followLog(
  database: DatabaseSync,
  log: LogPlace,
  newest: number,
): { readonly upTo: number; readonly missed: Gap | undefined } {
  setCursorKey(database, log.cursorKey);
  const followed = followedEpoch(database);
  const isNew = followed !== log.epoch;
  if (isNew && newest >= log.first) {
    throw new JournalError(
      'OTHER_LOG',
      `the log gives out positions from ${log.first} on, and the journal has some up to ${newest} ` +
        'of another log; let a gateway create the stream, or move the journal away',
    );
  }
  if (!isNew && log.newest < newest) {
    throw new JournalError(
      'LOG_WENT_BACK',
      `the stream of the shared log ends at ${log.newest}, and this gateway has read it up to ` +
        `${newest}: NATS has lost its newest messages. Delete the stream, and the gateways create ` +
        'a new one; each keeps its history, and says what is missing',
    );
  }
  // While the file had nothing of the log, an opening of its own took the place of the log's.
  if (!isNew) putOpening(database, log);
  forgetOwnOpenings(database);
  const upTo = Math.max(newest, log.oldest - 1);
  let missed: Gap | undefined;
  if (newest === 0) {
    database.prepare('UPDATE state SET gone_to = ?1, gone_mixed_to = ?1').run(upTo);
  } else if (isNew ? followed !== undefined : upTo > newest) {
    missed = missedSince(database, isNew ? 'JOURNAL_UNAVAILABLE' : 'RETENTION');
    database.prepare('INSERT INTO gap VALUES (?, ?, ?, ?, ?, ?)').run(upTo, ...gapValues(missed));
  }
  if (isNew) {
    beginOpening(database, { epoch: log.epoch, first: log.first });
    database
      .prepare('INSERT OR REPLACE INTO followed_log VALUES (1, ?)')
      .run(epochBytes(log.epoch));
  }
  database.prepare('UPDATE state SET given_to = max(given_to, ?)').run(upTo);
  return { upTo, missed };
}

/** From now on the file follows no log, and takes that of before for another one. */
export const LEAVE_LOG = 'DELETE FROM followed_log';

/**
 * A file begins an opening of its own when it is opened. Behind that of the log it gives out
 * nothing: cursors of all positions from there on are those of the log.
 */
function forgetOwnOpenings(database: DatabaseSync): void {
  database.exec(`
    DELETE FROM opening WHERE first_position > (
      SELECT first_position FROM opening WHERE epoch = (SELECT epoch FROM followed_log))`);
}

/** What the log had behind the newest record of the file: when that came is all that is known. */
function missedSince(database: DatabaseSync, reason: Gap['reason']): Gap {
  const { at } = database.prepare(NEWEST_AT).get() ?? {};
  const from = typeof at === 'number' ? at : null;
  return { reason, from, to: null, boxId: null, count: null };
}

function followedEpoch(database: DatabaseSync): Epoch | undefined {
  const row = database.prepare('SELECT epoch FROM followed_log').get();
  return row && epochOf(row['epoch']);
}

const NEWEST_AT = 'SELECT received_at AS at FROM event ORDER BY position DESC LIMIT 1';
