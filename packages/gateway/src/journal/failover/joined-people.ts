import type { EventFilter } from '../filter.ts';
import type { EventRecord, Position } from '../journal.ts';
import type { PeoplePage, PeopleQuery } from '../people.ts';
import { noneIfUnreadable, type Part } from './joined-history.ts';

/**
 * One page of the persons of journals whose positions follow each other, oldest first. A part that
 * can't be read is left out.
 */
export async function joinedPeople(
  parts: readonly Part[],
  query: PeopleQuery,
  signal: AbortSignal | undefined,
): Promise<PeoplePage> {
  const { filter, count, upTo = Infinity } = query;
  const records: EventRecord[] = [];
  let except = query.except ?? [];
  const [oldest] = parts;
  for (const part of parts.toReversed()) {
    const { journal, last } = part;
    const missing = count - records.length;
    const bound = Math.min(upTo, last) as Position;
    const page = await journal
      .people({ ...query, except, upTo: bound, count: Math.max(missing, 1) }, signal)
      .catch(noneIfUnreadable);
    if (!page) continue;
    if (missing === 0 && page.records.length > 0) {
      return { records, next: records.at(-1)?.position };
    }
    records.push(...page.records);
    if (page.next !== undefined) return { records, next: page.next };
    if (part === oldest) break;
    // Who is in this part was seen later than any older part tells, though the page leaves them out.
    const all = await journal
      .people({ filter, except, upTo: bound, count: Infinity, detail: 'plain' }, signal)
      .catch(noneIfUnreadable);
    except = [...except, ...(all?.records ?? []).map(({ event }) => event.identityId)];
  }
  return { records, next: undefined };
}

export async function joinedCountsOfPeople(
  parts: readonly Part[],
  filter: EventFilter,
  identityIds: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly number[]> {
  const counts = await Promise.all(
    parts.map(({ journal }) =>
      journal.countPeople(filter, identityIds, signal).catch(noneIfUnreadable),
    ),
  );
  return identityIds.map((_, index) => counts.reduce((n, each) => n + (each?.[index] ?? 0), 0));
}
