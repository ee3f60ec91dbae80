import { isBareId } from '../config/bare-id.ts';
import { GatewayError } from '../errors.ts';
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

/** Objects that can be asked for by id at once: each may take a search. */
export const MAX_NODES = 100;

/**
 * The objects with these ids, in the same order; null for one that there is not.
 *
 * @throws {GatewayError} BAD_USER_INPUT for more than `MAX_NODES`; the reason of the context's `signal`.
 */
export async function nodesOf(
  ids: readonly string[],
  context: GraphQLContext,
): Promise<(NodeShape | null)[]> {
  if (ids.length > MAX_NODES) {
    throw new GatewayError(
      'BAD_USER_INPUT',
      `ids must be ${MAX_NODES} at most; found ${ids.length}.`,
    );
  }
  const found: (NodeShape | null)[] = [];
  // One after the other: each takes its turn among the searches of all clients.
  for (const id of ids) found.push((await nodeOf(id, context)) ?? null);
  return found;
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
