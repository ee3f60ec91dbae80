import { Cursors, type Epoch, newCursorKey, newEpoch } from '../cursor.ts';
import type { DurableJournal } from '../durable-journal.ts';
import type { Cursor, Journal, Position, ResumePoint } from '../journal.ts';
import { createMemoryJournal, type MemoryJournalOptions } from '../memory-journal.ts';
import { gapSince } from './unavailable.ts';

/** While the durable journal can't be written. */
export interface FileOutage {
  readonly memory: Journal;
  readonly epoch: Epoch;
  /** Of the memory: made as the file's, so that the file knows them afterwards. */
  readonly cursors: Cursors;
  /** Everything up to here is the durable journal's, everything beyond it is in memory. */
  readonly start: Position;
  /** ms by our clock. */
  readonly since: number;
  /** There was no file from the beginning of the process on. */
  readonly isFirst: boolean;
  /** What the file said before the outage, of positions before `start`. Undefined when `isFirst`. */
  readonly cursorBefore: ((position: Position) => Cursor) | undefined;
  /** Records that have come into the file so far, and those that memory had let go of before. */
  readonly broughtBack: { restored: number; lost: number };
}

/**
 * Where positions begin when the file can't be opened and so nobody knows how far it has come:
 * beyond 64,000 records in each second since 1970, which no file has, and within the 48 bits of
 * a cursor until the year 2100.
 */
const POSITIONS_PER_MS = 64;

/** @param durable Undefined when the file can't even be read. */
export function beginFileOutage(
  durable:
    | Pick<DurableJournal, 'newest' | 'reservedEpoch' | 'cursorKey' | 'settled' | 'cursorAt'>
    | undefined,
  options: Pick<MemoryJournalOptions, 'maxRecords' | 'maxBytes'> = {},
): FileOutage {
  const since = Date.now();
  const start = durable?.newest ?? ((since * POSITIONS_PER_MS) as Position);
  const epoch = durable?.reservedEpoch ?? newEpoch();
  const cursors = new Cursors(durable?.cursorKey ?? newCursorKey());
  // What memory has to let go of never came into the file.
  const evictedAs = 'JOURNAL_UNAVAILABLE';
  const memory = createMemoryJournal({ ...options, epoch, cursors, startAfter: start, evictedAs });
  // Not only for the file that they came from: another one may have to be begun.
  for (const [boxId, to] of durable?.settled ?? []) memory.settle(boxId, to);
  const broughtBack = { restored: 0, lost: 0 };
  const cursorBefore = durable && ((position: Position) => durable.cursorAt(position));
  return { memory, epoch, cursors, start, since, isFirst: !durable, cursorBefore, broughtBack };
}

/**
 * Where one reads on who comes with a cursor while the outage lasts. From before it: with the gap
 * that what goes through memory may become, unless the cursor brings a gap of its own.
 *
 * @param durable Undefined while the file can't even be read.
 * @throws {GatewayError} INVALID_CURSOR
 */
export function resumeInOutage(
  { memory, epoch, cursors, start, since }: FileOutage,
  durable: Pick<DurableJournal, 'resume'> | undefined,
  cursor: string,
): ResumePoint {
  const inFile = durable?.resume(cursor);
  const isOfMemory = cursors.decode(cursor)?.epoch === epoch;
  if (inFile && (isOfMemory ? !inFile.gap : inFile.gap?.reason !== 'UNKNOWN_CURSOR')) {
    const { position, gap } = inFile;
    return position > start ? inFile : { position, gap: gap ?? gapSince(since) };
  }
  const inMemory = memory.resume(cursor);
  return inMemory.gap?.reason === 'UNKNOWN_CURSOR' ? (inFile ?? inMemory) : inMemory;
}
