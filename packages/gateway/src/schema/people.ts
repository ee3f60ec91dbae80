import { GatewayError } from '../errors.ts';
import { type Delivery, inHistory } from '../fanout/delivery.ts';
import type { Detail } from '../journal/detail.ts';
import type { EventFilter } from '../journal/filter.ts';
import type { EventRecord, Position } from '../journal/journal.ts';
import { ofKnownPersons } from '../journal/people.ts';
import { checkLength } from './argument-length.ts';
import type { GraphQLContext } from './context.ts';
import { placeAt } from './pagination.ts';

/** Persons of a page when `first` is not given. */
export const DEFAULT_PEOPLE_PAGE = 50;
/** Persons of a page at most. */
export const MAX_PEOPLE_PAGE = 100;
/** Characters of a name that is searched for: no box gives a longer one. */
export const MAX_NAME = 256;

export interface PersonShape {
  readonly lastEvent: Delivery;
  /** The person's events that count, as far as the viewer may see who they are of. */
  readonly filter: EventFilter;
  /** Counts all persons of the page when it is first asked for. */
  readonly eventCount: () => Promise<number>;
}

export interface PeoplePageShape {
  readonly people: readonly PersonShape[];
  readonly hasPreviousPage: boolean;
  /** Where the next page goes on; undefined when there is none. */
  readonly next: Position | undefined;
}

export interface PeopleArgs {
  readonly name?: string | null | undefined;
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/**
 * A page of the persons whom the filter's events show, the one that was seen last first. To a viewer
 * without `identity` there is nobody, and nobody is searched for.
 *
 * @throws {GatewayError} BAD_USER_INPUT for a size that is no page's or a name that is none,
 *   INVALID_CURSOR for a text that is no cursor; the reason of the context's `signal`.
 */
export async function peoplePage(
  asked: EventFilter,
  { name, first, after }: PeopleArgs,
  detail: Detail,
  context: GraphQLContext,
): Promise<PeoplePageShape> {
  const { journal, permissionClass, now, signal, historyRead } = context;
  const count = first ?? DEFAULT_PEOPLE_PAGE;
  if (count < 1 || count > MAX_PEOPLE_PAGE) {
    const message = `first must be from 1 to ${MAX_PEOPLE_PAGE}; found ${count}.`;
    throw new GatewayError('BAD_USER_INPUT', message);
  }
  if (name != null) checkLength('name', name, MAX_NAME);
  const before = after == null ? undefined : placeAt(after, journal);
  const filter = permissionClass.pastShowing('identity', ofKnownPersons(asked), now());
  const query = {
    count,
    detail,
    ...(name != null && { name }),
    ...(before !== undefined && { before }),
  };
  const page = filter
    ? await journal.people({ filter, ...query }, signal)
    : { records: [], next: undefined };
  historyRead?.(asked, page.records.length);
  return {
    people: filter ? shapesOf(page.records, filter, context) : [],
    hasPreviousPage: before !== undefined,
    next: page.next,
  };
}

/**
 * The person with this id; undefined when no event shows one, or the viewer may see none of these
 * events with `identity`.
 *
 * @throws the reason of the context's `signal`.
 */
export async function personOf(
  identityId: string,
  detail: Detail,
  context: GraphQLContext,
): Promise<PersonShape | undefined> {
  const { journal, permissionClass, now, signal, historyRead } = context;
  const asked = { identityIds: [identityId] };
  const permitted = permissionClass.pastShowing('identity', ofKnownPersons(asked), now());
  // The empty id is that of everybody whom no box knows.
  const filter = identityId === '' ? undefined : permitted;
  const take = { from: 'last', count: 1 } as const;
  const { records } = filter
    ? await journal.history({ filter, detail, take }, signal)
    : { records: [] };
  historyRead?.(asked, records.length);
  return filter && shapesOf(records, filter, context)[0];
}

function shapesOf(
  records: readonly EventRecord[],
  filter: EventFilter,
  { journal, signal }: GraphQLContext,
): PersonShape[] {
  const ids = records.map(({ event }) => event.identityId);
  let counts: Promise<readonly number[]> | undefined;
  return records.map((record, index) => ({
    lastEvent: inHistory(record),
    filter: { ...filter, identityIds: [record.event.identityId] },
    async eventCount() {
      counts ??= journal.countPeople(filter, ids, signal);
      return (await counts)[index] ?? 0;
    },
  }));
}
