import { type Filters, fromSearch, toSearch } from './filters.ts';
import type { Role, Roles } from './roles.ts';

export const pageNames = ['live', 'history', 'fleet', 'alarms'] as const;
export type PageName = (typeof pageNames)[number];

/** What of the wall is in the page's address. */
export interface View {
  readonly page: PageName;
  readonly role: Role;
  readonly filters: Filters;
  /** Of the history: `2026-11-29`; undefined for today. */
  readonly day: string | undefined;
  /** Of the history: where it begins to go back, in ISO 8601; undefined for the end of the day. */
  readonly until: string | undefined;
  /** The event that is chosen. */
  readonly eventId: string | undefined;
  /** A screen without anybody who operates it. */
  readonly isKiosk: boolean;
}

/** A query string, so that a view can be bookmarked. What a page begins with is not named. */
export function viewToSearch(view: View, [first]: Roles): string {
  const named = new URLSearchParams();
  if (view.isKiosk) named.set('kiosk', '');
  if (view.page !== 'live') named.set('view', view.page);
  if (view.role.id !== first.id) named.set('role', view.role.id);
  if (view.day !== undefined) named.set('day', view.day);
  if (view.until !== undefined) named.set('until', view.until);
  if (view.eventId !== undefined) named.set('event', view.eventId);
  return [named.toString(), toSearch(view.filters)].filter(Boolean).join('&');
}

/** An unknown role or page is the one that a page begins with. */
export function viewFromSearch(text: string, roles: Roles): View {
  const search = new URLSearchParams(text);
  const get = (name: string): string | undefined => search.get(name) ?? undefined;
  return {
    page: pageNames.find((name) => name === get('view')) ?? 'live',
    role: roles.find(({ id }) => id === get('role')) ?? roles[0],
    filters: fromSearch(text),
    day: textIf(get('day'), (day) => /^\d{4}-\d\d-\d\d$/.test(day)),
    until: textIf(get('until'), () => true),
    eventId: get('event'),
    isKiosk: search.has('kiosk'),
  };
}

/** A time that is none is left out: it would be asked for. */
const textIf = (text: string | undefined, isGood: (text: string) => boolean) =>
  text !== undefined && !Number.isNaN(Date.parse(text)) && isGood(text) ? text : undefined;
