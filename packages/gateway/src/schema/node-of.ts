import { isBareId } from '../config/bare-id.ts';
import { type Delivery, inHistory } from '../fanout/delivery.ts';
import type { EventId } from '../journal/recognition.ts';
import { alarmOf } from './alarms.ts';
import type { GraphQLContext } from './context.ts';
import type { NodeShape } from './types/node.ts';

/**
 * The object with this id. The configuration gives no two sites and boxes one id, and only the id
 * of a device contains a slash; so an id that is neither is that of an alarm or an event.
 *
 * @throws the reason of the context's `signal`.
 */
export async function nodeOf(id: string, context: GraphQLContext): Promise<NodeShape | undefined> {
  const { directory } = context;
  if (!isBareId(id)) return directory.findDevices(id).find((device) => device.id === id);
  const place = directory.site(id) ?? directory.box(id);
  return place ?? (await alarmOf(id, context)) ?? (await eventOf(id, context));
}

/**
 * The event with this id. Undefined to a viewer without `identity`: the id is a hash that includes
 * the person's id, so a viewer could guess persons with it. Such a viewer starts no search, whose
 * duration would tell whether there is an event.
 *
 * @throws the reason of the context's `signal`.
 */
export async function eventOf(
  id: string,
  { journal, permissionClass, now, signal, historyRead }: GraphQLContext,
): Promise<Delivery | undefined> {
  const record = permissionClass.showing('identity', {})
    ? await journal.find(id as EventId, signal)
    : undefined;
  const isShown =
    record !== undefined &&
    permissionClass.remembers(record.event, now()) &&
    permissionClass.fieldsOf(record.event, now()).has('identity');
  historyRead?.({}, isShown ? 1 : 0);
  return isShown ? inHistory(record) : undefined;
}
