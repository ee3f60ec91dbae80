import type { Detail } from '../detail.ts';
import type { EventFilter } from '../filter.ts';
import type { EventRecord, HistoryPage, HistoryQuery, Journal, Position } from '../journal.ts';
import { JournalError } from '../journal-error.ts';
import type { EventId } from '../recognition.ts';
import { sumTallies, type Tally, type TallyBy } from '../tally.ts';

/** A journal and those of its positions that count, both included. */
export interface Part {
  readonly journal: Journal;
  readonly first: number;
  readonly last: number;
}

/** A `HistoryQuery` whose cursors are positions. */
export interface JoinedQuery {
  readonly filter: EventFilter;
  readonly after: number | undefined;
  readonly before: number | undefined;
  readonly take: HistoryQuery['take'];
  readonly detail?: Detail | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * One history of journals whose positions follow each other, oldest first. A part that can't be
 * read is left out.
 */
export async function joinedHistory(
  parts: readonly Part[],
  { filter, after, before, take, detail, signal }: JoinedQuery,
): Promise<HistoryPage> {
  const isAny = async (range: Range) =>
    (await find(parts, { filter, detail: 'plain' }, range, { from: 'first', count: 1 }, signal))
      .length > 0;
  const isBefore = after !== undefined && (await isAny({ before: after + 1 }));
  const isAfter = before !== undefined && (await isAny({ after: before - 1 }));
  // One more than asked for tells whether there is more.
  const wanted = { from: take.from, count: take.count + 1 };
  const records = await find(parts, { filter, detail }, { after, before }, wanted, signal);
  const isMore = records.length > take.count;
  return take.from === 'first'
    ? { records: records.slice(0, take.count), hasPreviousPage: isBefore, hasNextPage: isMore }
    : { records: records.slice(isMore ? 1 : 0), hasPreviousPage: isMore, hasNextPage: isAfter };
}

export async function joinedCount(
  parts: readonly Part[],
  filter: EventFilter,
  signal: AbortSignal | undefined,
): Promise<number> {
  const counts = parts.map(({ journal }) => journal.count(filter, signal).catch(noneIfUnreadable));
  return (await Promise.all(counts)).reduce<number>((sum, count) => sum + (count ?? 0), 0);
}

export async function joinedTally(
  parts: readonly Part[],
  filter: EventFilter,
  by: TallyBy,
  signal: AbortSignal | undefined,
): Promise<readonly Tally[]> {
  const tallies = parts.map(({ journal }) =>
    journal.tally(filter, by, signal).catch(noneIfUnreadable),
  );
  return sumTallies((await Promise.all(tallies)).flatMap((found) => found ?? []));
}

/** The event with this id, the newest part first. */
export async function joinedFind(
  parts: readonly Part[],
  id: EventId,
  signal: AbortSignal | undefined,
): Promise<EventRecord | undefined> {
  for (const { journal, last } of parts.toReversed()) {
    const found = await journal.find(id, signal).catch(noneIfUnreadable);
    if (found && found.position <= last) return found;
  }
  return undefined;
}

/** Positions, exclusive. */
interface Range {
  readonly after?: number | undefined;
  readonly before?: number | undefined;
}

/** The first or the last matches of a range, oldest first. */
async function find(
  parts: readonly Part[],
  {
    filter,
    detail = 'full',
  }: { readonly filter: EventFilter; readonly detail: Detail | undefined },
  { after = 0, before = Infinity }: Range,
  { from, count }: HistoryQuery['take'],
  signal: AbortSignal | undefined,
): Promise<EventRecord[]> {
  let found: EventRecord[] = [];
  for (const { journal, first, last } of from === 'first' ? parts : parts.toReversed()) {
    if (found.length === count) break;
    const [low, high] = [Math.max(after, first - 1), Math.min(before, last + 1)];
    if (high - low < 2) continue;
    const page = await journal
      .history(
        {
          filter,
          detail,
          take: { from, count: count - found.length },
          after: journal.cursorAt(low as Position),
          ...(high <= journal.newest && { before: journal.cursorAt(high as Position) }),
        },
        signal,
      )
      .catch(noneIfUnreadable);
    const records = page?.records ?? [];
    found = from === 'first' ? [...found, ...records] : [...records, ...found];
  }
  return found;
}

/** @throws what is no failure of a journal. */
export function noneIfUnreadable(error: unknown): undefined {
  if (!(error instanceof JournalError)) throw error;
}
