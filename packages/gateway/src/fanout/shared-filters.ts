import { digestOf } from '../canonical-json.ts';
import { compileFilter, type EventFilter, type EventPredicate } from '../journal/filter.ts';
import type { EventRecord, Position } from '../journal/journal.ts';

/** Filters that are compiled once for all who say the same, and asked once for an event. */
export class SharedFilters {
  readonly #filters = new Map<string, SharedFilter>();

  /** To be released. */
  acquire(filter: EventFilter): SharedFilter {
    const key = filterKey(filter);
    let shared = this.#filters.get(key);
    if (!shared) {
      shared = new SharedFilter(key, filter);
      this.#filters.set(key, shared);
    }
    shared.users += 1;
    return shared;
  }

  release(shared: SharedFilter): void {
    shared.users -= 1;
    if (shared.users === 0) this.#filters.delete(shared.key);
  }
}

export class SharedFilter {
  readonly key: string;
  readonly filter: EventFilter;
  readonly #matches: EventPredicate;
  users = 0;
  #asked: Position | undefined;
  #answer = false;

  constructor(key: string, filter: EventFilter) {
    this.key = key;
    this.filter = filter;
    this.#matches = compileFilter(filter);
  }

  passes({ event, position }: EventRecord): boolean {
    if (this.#asked !== position) {
      this.#asked = position;
      this.#answer = this.#matches(event);
    }
    return this.#answer;
  }
}

/** What a list of alternatives says: neither its order nor repetition in it. */
export const asSet = (list: readonly string[]): string[] => [...new Set(list)].toSorted();

const filterKey = (filter: EventFilter): string =>
  digestOf(
    Object.fromEntries(
      Object.entries<EventFilter[keyof EventFilter]>({ ...filter }).map(([name, value]) => [
        name,
        Array.isArray(value) && name !== 'scopes' ? asSet(value) : value,
      ]),
    ),
  );
