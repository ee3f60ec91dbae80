import type { Gap, Received } from '../../clients/received.ts';
import { type JournalOrder, journalOrder, keyOf } from '../../verdict/journal-order.ts';
import type { GatewayHistory } from './merged.ts';

/** Of the log: each gateway says by itself what it could not have. */
export const isOfLog = ({ boxId }: Gap): boolean => boxId === null;

/**
 * The order that all gateways have together, with the gaps of the boxes, each where it comes first.
 *
 * @param events of all gateways, in their one order.
 */
export function sharedOrder(
  events: readonly Received[],
  histories: readonly GatewayHistory[],
): JournalOrder {
  const gaps = new Map<string, Gap[]>();
  for (const event of histories.flatMap((history) => history.events)) {
    gaps.set(event.id, [...(gaps.get(event.id) ?? []), ...event.gapsBefore]);
  }
  const seen = new Set<string>();
  const isNew = (gap: Gap) => !isOfLog(gap) && seen.size < seen.add(keyOf(gap)).size;
  return journalOrder(
    events.map((event) => ({ ...event, gapsBefore: (gaps.get(event.id) ?? []).filter(isNew) })),
  );
}
