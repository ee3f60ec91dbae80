import type { Gap, Received } from '../clients/received.ts';
import type { SentEvent } from '../world/sent-event.ts';
import { type JournalOrder, journalOrder } from './journal-order.ts';

/** Whether an event is not judged. */
export type IsLeftOut = (event: SentEvent) => boolean;

/** The same without events that are not judged. Their gaps pass on to the next event. */
export function without(
  received: readonly Received[],
  sent: readonly SentEvent[],
  isLeftOut: IsLeftOut,
): readonly Received[] {
  let passedOn: readonly Gap[] = [];
  return received.flatMap((event) => {
    const next =
      passedOn.length > 0 ? { ...event, gapsBefore: [...passedOn, ...event.gapsBefore] } : event;
    const origin = sent[event.serial];
    const isOut = origin !== undefined && isLeftOut(origin);
    passedOn = isOut ? next.gapsBefore : [];
    return isOut ? [] : [next];
  });
}

/** The same for the journal. The epochs are those of its file, so they stay. */
export const orderWithout = (
  { events, epochs }: JournalOrder,
  sent: readonly SentEvent[],
  isLeftOut: IsLeftOut,
): JournalOrder => ({ ...journalOrder(without(events, sent, isLeftOut)), epochs });
