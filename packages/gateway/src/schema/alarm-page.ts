import { GatewayError } from '../errors.ts';
import { type AlarmView, asQueried } from '../fanout/alarm-view.ts';
import type { Alarm } from '../journal/alarm/alarm.ts';
import { type AlarmFilter, compileAlarmFilter } from '../journal/alarm/alarm-query.ts';
import type { Journal, Position } from '../journal/journal.ts';
import type { GraphQLContext } from './context.ts';
import { placeAt } from './pagination.ts';

/** Alarms of a page when `first` is not given. */
export const DEFAULT_ALARM_PAGE = 50;
/** Alarms of a page at most: each may have a search for its events, and so many may wait. */
export const MAX_ALARM_PAGE = 100;

export interface AlarmPageShape {
  readonly views: readonly AlarmView[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

export interface AlarmPageArgs {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/**
 * A page of alarms, the one that was opened last first.
 *
 * @throws {GatewayError} BAD_USER_INPUT for a size that is no page's, INVALID_CURSOR for a text
 *   that is no cursor; the reason of the context's `signal`.
 */
export async function alarmPage(
  filter: AlarmFilter,
  { first, after }: AlarmPageArgs,
  context: GraphQLContext,
): Promise<AlarmPageShape> {
  const { journal, permissionClass, now, signal, historyRead } = context;
  const count = first ?? DEFAULT_ALARM_PAGE;
  if (count < 1 || count > MAX_ALARM_PAGE) {
    const message = `first must be from 1 to ${MAX_ALARM_PAGE}; found ${count}.`;
    throw new GatewayError('BAD_USER_INPUT', message);
  }
  const { scopes } = permissionClass.past({}, now());
  const permitted = { ...filter, ...(scopes && { scopes }) };
  const place = after == null ? undefined : alarmPlace(after, journal);
  const beside = place ? await alarmsBeside(place, permitted, context) : [];
  const older = await journal.alarms(
    {
      filter: permitted,
      order: 'opened',
      // One at least, which tells whether there is a next page.
      count: Math.max(count - beside.length, 1),
      ...(place && { before: place.position }),
    },
    signal,
  );
  const found = [...beside, ...older.alarms];
  const alarms = found.slice(0, count);
  const { siteIds, boxIds, deviceIds } = filter;
  const asked = {
    ...(siteIds && { siteIds }),
    ...(boxIds && { boxIds }),
    ...(deviceIds && { deviceIds }),
  };
  historyRead?.(asked, alarms.length);
  return {
    views: alarms.map(asQueried),
    hasNextPage: older.isMore || found.length > count,
    hasPreviousPage: place !== undefined,
  };
}

/**
 * The place of an alarm among the pages. One event may open several alarms, so the alarm's id is a
 * part of it: caches take edges with equal cursors for one.
 */
export const alarmCursor = ({ alarm }: AlarmView, journal: Pick<Journal, 'cursorAt'>): string =>
  `${journal.cursorAt(alarm.opened)}.${alarm.id}`;

interface AlarmPlace {
  /** Where the alarm was opened. */
  readonly position: Position;
  readonly id: string | undefined;
}

/** A cursor without an id is behind all alarms that were opened at its position. */
function alarmPlace(text: string, journal: Pick<Journal, 'resume'>): AlarmPlace {
  const [cursor = '', id] = text.split('.', 2);
  return { position: placeAt(cursor, journal), id };
}

/** The alarms that the same event opened, and that come behind this one. */
async function alarmsBeside(
  { position, id }: AlarmPlace,
  filter: AlarmFilter,
  { journal, signal }: GraphQLContext,
): Promise<readonly Alarm[]> {
  if (id === undefined) return [];
  // Without the filter: by now the alarm may be in a state that it leaves out.
  const { alarms } = await journal.alarms(
    {
      filter: {},
      order: 'opened',
      count: 1,
      after: (position - 1) as Position,
      before: (position + 1) as Position,
    },
    signal,
  );
  const index = alarms.findIndex((alarm) => alarm.id === id);
  return index === -1 ? [] : alarms.slice(index + 1).filter(compileAlarmFilter(filter));
}
