import type { Gap, Received } from '../clients/received.ts';
import type { Trouble } from '../world/carry-out.ts';
import type { SentEvent } from '../world/sent-event.ts';
import { type JournalOrder, journalOrder } from './journal-order.ts';

/** Whether an erasure may have taken an event. */
export type MayBeErased = (event: SentEvent) => boolean;

/** It does when the event was said before an erasure of its person ended. */
export function erasedBy(troubles: readonly Trouble[]): MayBeErased {
  const ends = new Map<number, number>();
  for (const { fault, to } of troubles) {
    if (fault.kind !== 'person erased') continue;
    ends.set(fault.person, Math.max(ends.get(fault.person) ?? to, to));
  }
  return ({ person, at }) => person !== undefined && at <= (ends.get(person) ?? -Infinity);
}

/**
 * The same without the events that may be erased. An event from before an erasure stays with the
 * clients that got it, and a box may tell it again afterwards. So it may come, not come, or come
 * twice. Its gaps pass on to the next event, as they do in the journal.
 */
export function withoutErased(
  received: readonly Received[],
  sent: readonly SentEvent[],
  mayBeErased: MayBeErased,
): readonly Received[] {
  let passedOn: readonly Gap[] = [];
  return received.flatMap((event) => {
    const next =
      passedOn.length > 0 ? { ...event, gapsBefore: [...passedOn, ...event.gapsBefore] } : event;
    const origin = sent[event.serial];
    const isLeftOut = origin !== undefined && mayBeErased(origin);
    passedOn = isLeftOut ? next.gapsBefore : [];
    return isLeftOut ? [] : [next];
  });
}

/** The same for the journal. The epochs are those of its file, so they stay. */
export const orderWithoutErased = (
  { events, epochs }: JournalOrder,
  sent: readonly SentEvent[],
  mayBeErased: MayBeErased,
): JournalOrder => ({ ...journalOrder(withoutErased(events, sent, mayBeErased)), epochs });
