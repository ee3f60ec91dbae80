import { type Filters, fromSearch, toSearch } from './filters.ts';
import type { Role, Roles } from './roles.ts';

/** What of the wall is in the page's address. */
export interface View {
  readonly role: Role;
  readonly filters: Filters;
  /** The event that is chosen. */
  readonly eventId: string | undefined;
}

/** A query string, so that a view can be bookmarked. The role that a page begins with is not named. */
export function viewToSearch({ role, filters, eventId }: View, [first]: Roles): string {
  const named = new URLSearchParams();
  if (role.id !== first.id) named.set('role', role.id);
  if (eventId !== undefined) named.set('event', eventId);
  return [named.toString(), toSearch(filters)].filter(Boolean).join('&');
}

/** An unknown role is the one that a page begins with. */
export function viewFromSearch(text: string, roles: Roles): View {
  const search = new URLSearchParams(text);
  const wanted = search.get('role');
  return {
    role: roles.find(({ id }) => id === wanted) ?? roles[0],
    filters: fromSearch(text),
    eventId: search.get('event') ?? undefined,
  };
}
