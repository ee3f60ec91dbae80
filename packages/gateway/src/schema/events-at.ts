import { GatewayError } from '../errors.ts';
import { type Delivery, inHistory } from '../fanout/delivery.ts';
import type { Detail } from '../journal/detail.ts';
import type { Position } from '../journal/journal.ts';
import type { GraphQLContext } from './context.ts';

/** Events that can be asked for by cursor at once: a wall of them. */
export const MAX_CURSORS = 100;

/**
 * The events that have these cursors, in the same order; null for one that is gone, or that the
 * viewer may not see.
 *
 * @throws {GatewayError} BAD_USER_INPUT for more than `MAX_CURSORS`, INVALID_CURSOR for a text that
 *   is no cursor; the reason of `signal`.
 */
export async function eventsAt(
  cursors: readonly string[],
  detail: Detail,
  { journal, permissionClass, now, signal, historyRead }: GraphQLContext,
): Promise<(Delivery | null)[]> {
  if (cursors.length > MAX_CURSORS) {
    throw new GatewayError(
      'BAD_USER_INPUT',
      `cursors must be ${MAX_CURSORS} at most; found ${cursors.length}.`,
    );
  }
  const points = cursors.map((cursor) => journal.resume(cursor));
  const found: (Delivery | null)[] = [];
  // One after the other: each takes its turn among the searches of all clients.
  for (const { position, gap } of points) {
    // What lies at a cursor that can't be placed is gone.
    const { records } = gap
      ? { records: [] }
      : await journal.read((position - 1) as Position, 1, detail, signal);
    const [record] = records;
    const isThere =
      record?.kind === 'event' &&
      record.position === position &&
      permissionClass.remembers(record.event, now());
    found.push(isThere ? inHistory(record) : null);
  }
  historyRead?.({}, found.filter((each) => each !== null).length);
  return found;
}
