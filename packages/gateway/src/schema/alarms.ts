import { GatewayError } from '../errors.ts';
import { type AlarmView, asQueried } from '../fanout/alarm-view.ts';
import { type Delivery, inHistory } from '../fanout/delivery.ts';
import type { AlarmId } from '../journal/alarm/alarm.ts';
import type { AlarmFilter } from '../journal/alarm/alarm-query.ts';
import type { EventFilter, EventPlace } from '../journal/filter.ts';
import type { Position } from '../journal/journal.ts';
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
  { journal, permissionClass, now, signal, historyRead }: GraphQLContext,
): Promise<AlarmPageShape> {
  const count = first ?? DEFAULT_ALARM_PAGE;
  if (count < 1 || count > MAX_ALARM_PAGE) {
    const message = `first must be from 1 to ${MAX_ALARM_PAGE}; found ${count}.`;
    throw new GatewayError('BAD_USER_INPUT', message);
  }
  const { scopes } = permissionClass.past({}, now());
  const query = {
    filter: { ...filter, ...(scopes && { scopes }) },
    order: 'opened',
    count,
  } as const;
  const before = after == null ? undefined : placeAt(after, journal);
  const page = await journal.alarms({ ...query, ...(before !== undefined && { before }) }, signal);
  const { siteIds, boxIds, deviceIds } = filter;
  const asked = {
    ...(siteIds && { siteIds }),
    ...(boxIds && { boxIds }),
    ...(deviceIds && { deviceIds }),
  };
  historyRead?.(asked, page.alarms.length);
  return {
    views: page.alarms.map(asQueried),
    hasNextPage: page.isMore,
    hasPreviousPage: before !== undefined,
  };
}

/**
 * The alarm with this id; undefined when there is none, or the viewer may not see it.
 *
 * @throws the reason of the context's `signal`.
 */
export async function alarmOf(
  id: string,
  { journal, permissionClass, now, signal, historyRead }: GraphQLContext,
): Promise<AlarmView | undefined> {
  const alarm = await journal.alarm(id as AlarmId, signal);
  if (!alarm || !permissionClass.remembers(alarm.subject, now())) return undefined;
  historyRead?.({}, 1);
  return asQueried(alarm);
}

/** The part of an alarm's events that the viewer may see. */
export const eventsOfAlarm = (
  { alarm, begun }: AlarmView,
  { permissionClass, now }: GraphQLContext,
): EventFilter => permissionClass.past({ alarm: alarm.id }, now(), begun);

/** Whether the viewer may see who the alarm is about. */
export const showsIdentity = (
  { alarm: { subject }, begun }: AlarmView,
  { permissionClass, now }: GraphQLContext,
): boolean =>
  permissionClass.fieldsOf(subject, isPast(subject, begun) ? now() : undefined).has('identity');

/**
 * The newest event of each alarm; undefined for one that is gone, or that the viewer may not see.
 *
 * @throws the reason of the context's `signal`.
 */
export async function lastEventsOf(
  views: readonly AlarmView[],
  { journal, permissionClass, now, signal }: GraphQLContext,
): Promise<(Delivery | undefined)[]> {
  const found: (Delivery | undefined)[] = [];
  // One after the other: each takes its turn among the searches of all clients.
  for (const { alarm, begun } of views) {
    const before = (alarm.lastEvent - 1) as Position;
    const { records } = await journal.read(before, 1, 'full', signal);
    const [record] = records;
    const isThere =
      record?.kind === 'event' &&
      record.position === alarm.lastEvent &&
      permissionClass.remembers(record.event, now(), {}, begun);
    found.push(isThere ? { ...inHistory(record), isPast: isPast(record.event, begun) } : undefined);
  }
  return found;
}

const isPast = ({ receivedAt }: EventPlace, begun = Infinity): boolean => receivedAt < begun;
