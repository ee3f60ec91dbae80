import type { PersonType } from '@se5/core';
import type { Recognition } from '../intake/recognition.ts';

/** Which events: a list that is undefined means any, an empty one none. Times in ms since the Unix epoch. */
export interface EventFilter {
  readonly siteIds?: readonly string[];
  readonly boxIds?: readonly string[];
  /** Ids over all boxes (`<box id>/<device id>`), or a box's own, which means the device on every box that has it. */
  readonly deviceIds?: readonly string[];
  readonly personTypes?: readonly PersonType[];
  readonly identityIds?: readonly string[];
  readonly groupNames?: readonly string[];
  /** Compared with `similarity`, 0 to 1; at least. */
  readonly minScore?: number;
  /** By `occurredAt`; from is inclusive, to exclusive. */
  readonly from?: number;
  readonly to?: number;
}

export type EventPredicate = (event: Recognition) => boolean;
