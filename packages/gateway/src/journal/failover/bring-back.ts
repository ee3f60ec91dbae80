import type { DurableJournal } from '../durable-journal.ts';
import type { Gap } from '../gap.ts';
import type { Position } from '../journal.ts';
import type { FileOutage } from './file-outage.ts';
import { gapAt, gapSince, unasked } from './unavailable.ts';

/** Records that are brought from memory to the file at once, at first. */
const RESTORE_RECORDS = 500;

/** Where appends go. Both are called in one turn with what they tell of: nothing comes in between. */
export interface HandOver {
  /** From now on to the file: what memory has is on its way there. They fail when that fails. */
  begin(): void;
  /** The file has all of it. */
  done(): void;
}

/**
 * Puts into the file what memory has kept since the outage began, while memory goes on taking
 * what comes. Can be run again where it stopped.
 *
 * It comes to an end however fast events come: as soon as the rest goes at once, the file takes
 * what comes behind it; and what goes at once doubles, until it is all that memory can keep.
 *
 * @throws {JournalError} when the file still can't be written.
 */
export async function bringBack(
  { memory, epoch, cursors, start, since, isFirst, broughtBack }: FileOutage,
  durable: DurableJournal,
  handOver: HandOver,
): Promise<void> {
  const lent = { epoch, key: cursors.key };
  const missing = missingBefore(durable, { start, since, isFirst });
  if (missing) {
    const records = [gapAt(start, missing)];
    await durable.restore(lent, { after: (start - 1) as Position, upTo: start, records });
  }
  let at = Math.max(start, durable.newest) as Position;
  for (let isLast = false, limit = RESTORE_RECORDS; !isLast; limit *= 2) {
    const { records, gap, position } = await memory.read(at, limit);
    const before = (records.at(0)?.position ?? position + 1) - 1;
    const evicted = gap ? [gapAt(before, { ...gap, from: since })] : [];
    const stretch = { after: at, upTo: position, records: [...evicted, ...records] };
    isLast = position >= memory.newest;
    if (isLast) handOver.begin();
    const restored = durable.restore(lent, stretch, isLast);
    if (isLast) for (const [boxId, to] of memory.settled) durable.settle(boxId, to);
    await restored;
    broughtBack.restored += records.length;
    // What was erased meanwhile is a gap, but no loss.
    if (gap?.reason === 'JOURNAL_UNAVAILABLE') broughtBack.lost += gap.count ?? before - at;
    at = position;
  }
  handOver.done();
}

/** What neither the file nor memory has of the time before the outage. */
function missingBefore(
  { settled, newest }: DurableJournal,
  { start, since, isFirst }: Pick<FileOutage, 'start' | 'since' | 'isFirst'>,
): Gap | undefined {
  if (isFirst) return settled.size > 0 ? unasked(settled, since) : undefined;
  // A copy from before has taken the file's place. A file that is new has nothing to be behind of.
  return newest > 0 && newest < start ? { ...gapSince(null), to: since } : undefined;
}
