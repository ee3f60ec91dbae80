import type { DurableJournal } from './durable-journal.ts';
import type { Gap } from './gap.ts';
import type { Position } from './journal.ts';
import type { Outage } from './outage.ts';
import { gapAt, gapSince, unasked } from './unavailable.ts';

/** Records that are brought from memory to the file at once. */
const RESTORE_RECORDS = 500;

/**
 * Puts into the file what memory has kept since the outage began, while memory goes on taking
 * what comes. Can be run again where it stopped.
 *
 * @param level Called in the turn in which the file has all of it: nothing can come in between.
 * @throws {JournalError} when the file still can't be written.
 */
export async function bringBack(
  { memory, epoch, start, since, isFirst, broughtBack }: Outage,
  durable: DurableJournal,
  level: () => void,
): Promise<void> {
  const missing = missingBefore(durable, { start, since, isFirst });
  if (missing) {
    const records = [gapAt(start, missing)];
    await durable.restore(epoch, { after: (start - 1) as Position, upTo: start, records });
  }
  for (let at = Math.max(start, durable.newest) as Position; at < memory.newest; ) {
    const { records, gap, position } = await memory.read(at, RESTORE_RECORDS);
    const before = (records.at(0)?.position ?? position + 1) - 1;
    const evicted = gap ? [gapAt(before, { ...gap, from: since })] : [];
    const stretch = { after: at, upTo: position, records: [...evicted, ...records] };
    await durable.restore(epoch, stretch);
    broughtBack.restored += records.length;
    // What was erased meanwhile is a gap, but no loss.
    if (gap?.reason === 'JOURNAL_UNAVAILABLE') broughtBack.lost += gap.count ?? before - at;
    at = position;
  }
  for (const [boxId, to] of memory.settled) durable.settle(boxId, to);
  level();
}

/** What neither the file nor memory has of the time before the outage. */
function missingBefore(
  { settled, newest }: DurableJournal,
  { start, since, isFirst }: Pick<Outage, 'start' | 'since' | 'isFirst'>,
): Gap | undefined {
  if (isFirst) return settled.size > 0 ? unasked(settled, since) : undefined;
  // A copy from before has taken the file's place. A file that is new has nothing to be behind of.
  return newest > 0 && newest < start ? { ...gapSince(null), to: since } : undefined;
}
