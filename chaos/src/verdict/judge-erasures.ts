import type { Trouble } from '../world/carry-out.ts';
import type { SentEvent } from '../world/sent-event.ts';
import type { Finding } from './finding.ts';
import type { JournalOrder } from './journal-order.ts';
import type { TrueTime } from './true-times.ts';

/**
 * Reports the events of an erased person that are in the journal at the end, though the gateway had
 * got them before it was asked to erase. An event that it got later may stay: the person was seen
 * again, or the box told what it had stored.
 *
 * @param trueTime when the gateway's clock showed a time.
 */
export function judgeErasures(
  { events }: JournalOrder,
  sent: readonly SentEvent[],
  troubles: readonly Trouble[],
  trueTime: TrueTime,
): Finding[] {
  const begins = new Map<number, number>();
  for (const { fault, from } of troubles) {
    if (fault.kind !== 'person erased') continue;
    begins.set(fault.person, Math.max(begins.get(fault.person) ?? from, from));
  }
  return events.flatMap(({ serial, receivedAt, delivery }) => {
    const person = sent[serial]?.person;
    const begin = person === undefined ? undefined : begins.get(person);
    if (begin === undefined || trueTime(receivedAt) >= begin) return [];
    const what = `event ${serial} (${delivery}) is there, though person ${person} was erased later`;
    return [{ who: 'the journal', what, at: begin }];
  });
}
