import type { PersonType } from '@se5/core';

/** As much of the schema's RecognitionEventFilter as the measured operations use. */
export interface EventFilter {
  readonly deviceIds?: readonly string[];
  readonly personTypes?: readonly PersonType[];
  readonly groupNames?: readonly string[];
  readonly minSimilarity?: number;
}

/** What a filter looks at, in events of the load and of the peers alike. */
export interface Filtered {
  readonly deviceId: string;
  readonly personType: PersonType;
  readonly groupName: string;
  readonly similarity: number;
}

export const matches = (filter: EventFilter, event: Filtered): boolean =>
  (filter.deviceIds?.includes(event.deviceId) ?? true) &&
  (filter.personTypes?.includes(event.personType) ?? true) &&
  (filter.groupNames?.includes(event.groupName) ?? true) &&
  (filter.minSimilarity === undefined || event.similarity >= filter.minSimilarity);
