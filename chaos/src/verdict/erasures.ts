import type { Gap, Received } from '../clients/received.ts';
import type { Trouble } from '../world/carry-out.ts';
import type { SentEvent } from '../world/sent-event.ts';
import { type JournalOrder, journalOrder } from './journal-order.ts';

/** Whether an erasure may have taken an event. */
export type MayBeErased = (event: SentEvent) => boolean;

/** An erasure of the event's person ended when the event had been said. */
export function erasedBy(troubles: readonly Trouble[]): MayBeErased {
  const ends = new Map<number, number>();
  for (const { fault, to } of troubles) {
    if (fault.kind !== 'person erased') continue;
    ends.set(fault.person, Math.max(ends.get(fault.person) ?? to, to));
  }
  return ({ person, at }) => person !== undefined && at <= (ends.get(person) ?? -Infinity);
}

/**
 * The rest, when what may be erased is left out. What was said before an erasure stays with those
 * who got it, and a box may tell it again afterwards: so it may come, not come, or come twice. Gaps
 * pass on to the next event, as they do in the journal.
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

/** The same of the journal, whose file is still the same. */
export const orderWithoutErased = (
  { events, epochs }: JournalOrder,
  sent: readonly SentEvent[],
  mayBeErased: MayBeErased,
): JournalOrder => ({ ...journalOrder(withoutErased(events, sent, mayBeErased)), epochs });
