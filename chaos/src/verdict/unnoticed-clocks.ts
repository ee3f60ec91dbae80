import type { Trouble } from '../world/carry-out.ts';
import type { SentEvent } from '../world/sent-event.ts';
import type { JournalOrder } from './journal-order.ts';

/**
 * Whether a box said an event by a clock that was set, and set right, while nobody heard it. Nothing
 * tells that from a clock that was right all the time, so nobody can know where to look for it.
 *
 * @param boxIds by the numbers that the faults give them.
 */
export function unnoticedClocks(
  troubles: readonly Trouble[],
  boxIds: readonly string[],
  { events }: JournalOrder,
  sent: readonly SentEvent[],
): (event: SentEvent) => boolean {
  const live = events.flatMap(({ delivery, serial }) =>
    delivery === 'LIVE' ? (sent[serial] ?? []) : [],
  );
  const unnoticed = troubles.flatMap(({ fault, from, to }) => {
    if (fault.kind !== 'box clock set') return [];
    const isWithin = ({ boxId, at }: SentEvent) =>
      boxId === boxIds[fault.box] && at >= from && at <= to;
    return live.some(isWithin) ? [] : [isWithin];
  });
  return (event) => unnoticed.some((isWithin) => isWithin(event));
}
