import type { Keyring } from '../../privacy/keyring.ts';
import type { EventFilter } from '../filter.ts';
import type { EventRecord, Position } from '../journal.ts';
import { nameMatcher } from '../name-match.ts';
import { MAX_NAMES, type PeoplePage, type PeopleQuery } from '../people.ts';
import type { Range, Search } from './search.ts';

/** Events that are opened in one step: a few milliseconds. */
const STEP = 64;

/** Persons that are counted at once. Each stands under two tags or more, which an index looks up. */
const COUNTED_AT_ONCE = 32;

export interface PeopleSearchParts {
  readonly keyring: Keyring;
  /** The events of a filter. */
  readonly searchOf: (filter: EventFilter) => Search;
  /** Reads an event; undefined when it is gone. */
  readonly open: (position: number) => EventRecord | undefined;
  /** Default: see `MAX_NAMES`. */
  readonly maxNames?: number;
}

/**
 * Finds and counts persons. An index leads to the tags of the persons in each block of positions.
 * Only events that a page may show are opened.
 */
export class PeopleSearch {
  readonly #parts: PeopleSearchParts;

  constructor(parts: PeopleSearchParts) {
    this.#parts = parts;
  }

  /** Yields, step after step, what it has so far. */
  *find(query: PeopleQuery, upTo: number): Generator<PeoplePage> {
    const { filter, name, before = Infinity, count, except = [] } = query;
    const { searchOf, open, maxNames = MAX_NAMES } = this.#parts;
    const isNamed = nameMatcher(name);
    const seen = new Set(except.flatMap((id) => this.#tagsOf(id)));
    const records: EventRecord[] = [];
    let opened = 0;
    let last = before;
    for (const found of searchOf(filter).persons({ low: 0, high: upTo })) {
      for (const { tag, newest } of found) {
        if (seen.has(tag)) continue;
        if (newest >= before) {
          seen.add(tag);
          continue;
        }
        if (name !== undefined && opened === maxNames) {
          yield { records, next: last as Position };
          return;
        }
        opened += 1;
        last = newest;
        const record = open(newest);
        const tags = record ? this.#tagsOf(record.event.identityId) : [];
        const isNew = !tags.some((each) => seen.has(each));
        for (const each of tags) seen.add(each);
        if (record && isNew && isNamed(record.event.identityName)) {
          if (records.length === count) {
            yield { records, next: records.at(-1)?.position };
            return;
          }
          records.push(record);
        }
        if (opened % STEP === 0) yield { records, next: undefined };
      }
      yield { records, next: undefined };
    }
  }

  /** Yields, step after step, how many events of the filter it has found of each person so far. */
  *count(
    filter: EventFilter,
    identityIds: readonly string[],
    range: Range,
  ): Generator<readonly number[]> {
    const events = new Map<string, number>();
    const tags = identityIds.map((id) => this.#tagsOf(id));
    const counts = () => tags.map((each) => each.reduce((n, tag) => n + (events.get(tag) ?? 0), 0));
    for (let at = 0; at < identityIds.length; at += COUNTED_AT_ONCE) {
      const some = identityIds.slice(at, at + COUNTED_AT_ONCE);
      for (const found of this.#parts.searchOf({ ...filter, identityIds: some }).persons(range)) {
        for (const { tag, count } of found) events.set(tag, (events.get(tag) ?? 0) + count);
        yield counts();
      }
    }
  }

  /**
   * What the file may have in place of a person's id: the tag of each key, that of a stranger, and
   * the id itself, which an older gateway wrote.
   */
  #tagsOf(id: string): string[] {
    return [id, ...this.#parts.keyring.tagsOf(id)];
  }
}
