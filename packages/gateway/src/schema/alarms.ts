import { type AlarmView, asQueried } from '../fanout/alarm-view.ts';
import { type Delivery, inHistory } from '../fanout/delivery.ts';
import type { AlarmId } from '../journal/alarm/alarm.ts';
import type { EventFilter, EventPlace } from '../journal/filter.ts';
import type { Position } from '../journal/journal.ts';
import type { GraphQLContext } from './context.ts';

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
