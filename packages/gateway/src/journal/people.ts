import { PERSON_TYPES } from '../config/person-types.ts';
import type { Detail } from './detail.ts';
import type { EventFilter } from './filter.ts';
import type { EventRecord, Position } from './journal.ts';
import { nameMatcher } from './name-match.ts';

/**
 * Names that one page is searched in. Names are sealed: each takes about 0.1 ms to open, so they
 * take about a second.
 */
export const MAX_NAMES = 10_000;

/** Positions that one page goes through: as many events at most, which takes some seconds. */
export const MAX_SEARCHED = 2 ** 20;

/**
 * Look-ups of one page: whether pages before it have shown a person takes one for each 4,096 events
 * in front of the page, and for each tag of the person. Each takes some 25 µs, so they take some
 * seconds. The person whose look-ups reach the bound is the page's last.
 */
export const MAX_LOOK_UPS = 100_000;

/** Who was seen: a person is an id that events have. */
export interface PeopleQuery {
  /** Which events count. Those without an id are of nobody. */
  readonly filter: EventFilter;
  /** Only persons whose newest event has a name that contains this; see `nameMatcher`. */
  readonly name?: string;
  /** Only persons whose newest event is before this position. */
  readonly before?: Position;
  /** Persons of the page, at least 1. */
  readonly count: number;
  /** How much of each event is read. Default: full. */
  readonly detail?: Detail;
  /** Events behind this position are as if they were not there. Default: the newest. */
  readonly upTo?: Position;
  /** Not these persons. */
  readonly except?: readonly string[];
}

export interface PeoplePage {
  /** The newest event of each person, the newest first. */
  readonly records: readonly EventRecord[];
  /**
   * `before` of the next page; undefined behind the last one. A page may be short, or empty, and
   * have a next one: see `MAX_NAMES`, `MAX_SEARCHED` and `MAX_LOOK_UPS`.
   */
  readonly next: Position | undefined;
}

/** The filter's events of persons that boxes know: a box gives a stranger another id each time. */
export const ofKnownPersons = (filter: EventFilter): EventFilter => ({
  ...filter,
  personTypes: PERSON_TYPES.filter(
    (type) => type !== 'STRANGER' && (filter.personTypes?.includes(type) ?? true),
  ),
});

/** How many of the events each person has. */
export function countsOf(
  identityIds: readonly string[],
  events: Iterable<EventRecord>,
): readonly number[] {
  const counts = new Map<string, number>();
  for (const { event } of events) {
    counts.set(event.identityId, (counts.get(event.identityId) ?? 0) + 1);
  }
  return identityIds.map((id) => counts.get(id) ?? 0);
}

/** A page of the persons of these events, which have passed the filter. */
export function peopleOf(
  newestFirst: Iterable<EventRecord>,
  query: Omit<PeopleQuery, 'filter'>,
): PeoplePage {
  const { name, before = Infinity, count, upTo = Infinity, except = [] } = query;
  const isNamed = nameMatcher(name);
  const seen = new Set(['', ...except]);
  const records: EventRecord[] = [];
  for (const record of newestFirst) {
    const { event, position } = record;
    if (position > upTo || seen.has(event.identityId)) continue;
    seen.add(event.identityId);
    if (position >= before || !isNamed(event.identityName)) continue;
    if (records.length === count) return { records, next: records.at(-1)?.position };
    records.push(record);
  }
  return { records, next: undefined };
}
