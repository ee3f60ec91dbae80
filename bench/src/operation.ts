import type { EventFilter } from './event-filter.ts';

/** A subscription that some of the clients make. */
export interface Operation {
  readonly query: string;
  /** Goes along as the variable `filter`; undefined: every event is wanted. */
  readonly filter?: EventFilter;
}
