import type { Keyring } from '../../privacy/keyring.ts';
import type { EventFilter } from '../filter.ts';
import type { EventRecord, Position } from '../journal.ts';
import { nameMatcher } from '../name-match.ts';
import {
  MAX_LOOK_UPS,
  MAX_NAMES,
  MAX_SEARCHED,
  type PeoplePage,
  type PeopleQuery,
} from '../people.ts';
import { BLOCK_SIZE } from './schema.ts';
import type { Range, Search } from './search.ts';

const MAX_BLOCKS = MAX_SEARCHED / BLOCK_SIZE;

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
  /** Blocks that one page goes through. Default: see `MAX_SEARCHED`. */
  readonly maxBlocks?: number;
  /** Default: see `MAX_LOOK_UPS`. */
  readonly maxLookUps?: number;
}

/**
 * Finds and counts persons. An index leads to the tags of the persons in each block of positions.
 * A page begins where the one before has ended: the index tells whether a tag was met before. Only
 * events that a page may show are opened.
 */
export class PeopleSearch {
  readonly #parts: PeopleSearchParts;

  constructor(parts: PeopleSearchParts) {
    this.#parts = parts;
  }

  /** Yields, step after step, what it has so far. */
  *find(query: PeopleQuery, upTo: number): Generator<PeoplePage, void, void> {
    const { filter, name, before = Infinity, count, except = [] } = query;
    const { searchOf, open, maxNames = MAX_NAMES, maxBlocks = MAX_BLOCKS } = this.#parts;
    const { maxLookUps = MAX_LOOK_UPS } = this.#parts;
    const search = searchOf(filter);
    const isNamed = nameMatcher(name);
    const seen = new Set(except.flatMap((id) => this.#tagsOf(id)));
    const records: EventRecord[] = [];
    const page = (next?: number): PeoplePage => ({ records, next: next as Position | undefined });
    let [blocks, opened, lookUps, last] = [0, 0, 0, before];
    /** Whether a page before this one has shown the tag. */
    function* isShown(tag: string): Generator<PeoplePage, boolean, void> {
      for (const isThere of search.has(tag, { low: before, high: upTo })) {
        lookUps += 1;
        if (isThere) return true;
        yield page();
      }
      return false;
    }
    for (const { low, persons } of search.persons({ low: 0, high: Math.min(upTo, before - 1) })) {
      if (blocks === maxBlocks) return yield page(last);
      for (const { tag, newest } of persons) {
        if (seen.has(tag)) continue;
        const isSpent = lookUps >= maxLookUps || (name !== undefined && opened === maxNames);
        if (isSpent) return yield page(last);
        seen.add(tag);
        last = newest;
        if (yield* isShown(tag)) continue;
        opened += 1;
        const record = open(newest);
        if (!record) continue;
        const others = this.#tagsOf(record.event.identityId).filter((each) => each !== tag);
        let isNew = !others.some((each) => seen.has(each));
        for (const each of others) {
          seen.add(each);
          isNew &&= !(yield* isShown(each));
        }
        if (isNew && isNamed(record.event.identityName)) {
          if (records.length === count) return yield page(records.at(-1)?.position);
          records.push(record);
        }
        yield page();
      }
      blocks += 1;
      last = low;
      yield page();
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
      const search = this.#parts.searchOf({ ...filter, identityIds: some });
      for (const { persons } of search.persons(range)) {
        for (const { tag, count } of persons) events.set(tag, (events.get(tag) ?? 0) + count);
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
