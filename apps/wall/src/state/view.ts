import { type Filters, fromSearch, toSearch } from './filters.ts';
import type { Role, Roles } from './roles.ts';

/** What of the wall is in the page's address. */
export interface View {
  readonly role: Role;
  readonly filters: Filters;
}

/** A query string, so that a view can be bookmarked. The role that a page begins with is not named. */
export function viewToSearch({ role, filters }: View, [first]: Roles): string {
  const search = toSearch(filters);
  if (role.id === first.id) return search;
  const named = new URLSearchParams({ role: role.id }).toString();
  return search === '' ? named : `${named}&${search}`;
}

/** An unknown role is the one that a page begins with. */
export function viewFromSearch(text: string, roles: Roles): View {
  const wanted = new URLSearchParams(text).get('role');
  return {
    role: roles.find(({ id }) => id === wanted) ?? roles[0],
    filters: fromSearch(text),
  };
}
