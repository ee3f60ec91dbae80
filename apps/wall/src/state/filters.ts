import type { PersonType, RecognitionEventFilter } from '@se5/client';
import { personTypes } from '../ui/person-types.ts';

/** What the wall shows; an empty list shows everything. */
export interface Filters {
  readonly siteIds: readonly string[];
  readonly deviceIds: readonly string[];
  readonly personTypes: readonly PersonType[];
  /** Persons, by the ids that boxes have of them. */
  readonly identityIds: readonly string[];
}

export const noFilters: Filters = {
  siteIds: [],
  deviceIds: [],
  personTypes: [],
  identityIds: [],
};

/** As the gateway takes them, for which an empty list means nothing. */
export function toEventFilter(filters: Filters): RecognitionEventFilter {
  const { siteIds, deviceIds, personTypes: types, identityIds } = filters;
  return {
    ...(siteIds.length > 0 && { siteIds }),
    ...(deviceIds.length > 0 && { deviceIds }),
    ...(types.length > 0 && { personTypes: types }),
    ...(identityIds.length > 0 && { identityIds }),
  };
}

export const isFiltering = (filters: Filters): boolean =>
  Object.keys(toEventFilter(filters)).length > 0;

/** The filters as a query string, so that a filtered wall can be bookmarked. */
export function toSearch(filters: Filters): string {
  const search = new URLSearchParams();
  for (const id of filters.siteIds) search.append('site', id);
  for (const id of filters.deviceIds) search.append('device', id);
  for (const type of filters.personTypes) search.append('type', type);
  for (const id of filters.identityIds) search.append('person', id);
  return search.toString();
}

export function fromSearch(text: string): Filters {
  const search = new URLSearchParams(text);
  const wanted = search.getAll('type');
  return {
    siteIds: search.getAll('site'),
    deviceIds: search.getAll('device'),
    personTypes: personTypes.filter((type) => wanted.includes(type)),
    identityIds: search.getAll('person'),
  };
}
