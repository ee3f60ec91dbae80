import type { CursorKey, Epoch } from './cursor.ts';
import type { Journal, JournalRecord, Position } from './journal.ts';
import type { JournalError } from './journal-error.ts';

/** What another journal kept of the positions that it gave out. */
export interface Stretch {
  /** Beyond this position. */
  readonly after: Position;
  /** As far as this one: none of them is given out again, whatever has a record. */
  readonly upTo: Position;
  /** In order; what was erased has none. */
  readonly records: readonly JournalRecord[];
}

/** Under what another journal gave out the cursors of these positions. */
export interface LentCursors {
  readonly epoch: Epoch;
  readonly key: CursorKey;
}

/**
 * A journal that can take over what another one kept while it could not be written.
 *
 * An append that fails with a JournalError ends appending: what waits behind it fails too, in
 * order, and so does every append until a `restore` has succeeded. Reading goes on as far as
 * the file allows.
 */
export interface DurableJournal extends Journal {
  /**
   * Under which another one is to give out cursors while this can't be written: one that this
   * knows again after a restart, though what went through the other may be lost.
   */
  readonly reservedEpoch: Epoch | undefined;
  /** With which this makes cursors, and another one is to make them meanwhile. */
  readonly cursorKey: CursorKey;
  /**
   * Ends appending as an append that fails does, for a reason that another has found: what is
   * being written is awaited, what waits behind it and what comes fails, all in order. Settles
   * when it is known what became of each. Never rejects.
   */
  abandon(failure: JournalError): Promise<void>;
  /**
   * Puts records in at the positions they have. Of those up to the newest one it is taken that
   * they are there: a write may have succeeded without a word. Listeners are not told: whoever
   * kept the records has told them. An event whose id is there already is left out. From now on
   * cursors that were `lent` are good here, as far as this stretch and those restored under their
   * epoch before.
   *
   * @param isLast Nothing comes behind this stretch: from the call on appends are taken, and
   *   written behind it. They fail, in order, when this rejects.
   * @throws {JournalError} when it can't be written yet; nothing was put in then. With `isLast`
   *   also what it was abandoned for meanwhile.
   */
  restore(lent: LentCursors, stretch: Stretch, isLast?: boolean): Promise<void>;
}
