import type { PersonType } from '@se5/client';
import { personTypes } from '../ui/person-types.ts';
import type { Row } from './row.ts';

/** What the wall shows; an empty list shows everything. */
export interface Filters {
  readonly siteIds: readonly string[];
  readonly deviceIds: readonly string[];
  readonly personTypes: readonly PersonType[];
}

export const noFilters: Filters = { siteIds: [], deviceIds: [], personTypes: [] };

const admits = <T>(list: readonly T[], value: T): boolean =>
  list.length === 0 || list.includes(value);

/** Gaps are always shown: what is missing may have been what the filter looks for. */
export function isShown(filters: Filters, row: Row): boolean {
  if (row.kind === 'gap') return true;
  const { event } = row;
  return (
    admits(filters.siteIds, event.site.id) &&
    admits(filters.deviceIds, event.device.id) &&
    admits(filters.personTypes, event.personType)
  );
}

export const isFiltering = (filters: Filters): boolean =>
  filters.siteIds.length + filters.deviceIds.length + filters.personTypes.length > 0;

/** The filters as a query string, so that a filtered wall can be bookmarked. */
export function toSearch(filters: Filters): string {
  const search = new URLSearchParams();
  for (const id of filters.siteIds) search.append('site', id);
  for (const id of filters.deviceIds) search.append('device', id);
  for (const type of filters.personTypes) search.append('type', type);
  return search.toString();
}

export function fromSearch(text: string): Filters {
  const search = new URLSearchParams(text);
  const wanted = search.getAll('type');
  return {
    siteIds: search.getAll('site'),
    deviceIds: search.getAll('device'),
    personTypes: personTypes.filter((type) => wanted.includes(type)),
  };
}
