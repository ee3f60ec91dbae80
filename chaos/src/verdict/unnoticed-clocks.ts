import type { Trouble } from '../world/carry-out.ts';
import type { SentEvent } from '../world/sent-event.ts';
import type { JournalOrder } from './journal-order.ts';

/**
 * Whether a box said an event by a clock that was set back, and set right, while nobody heard it, to
 * a time before all that the journal has of the box. What is older may have been heard and
 * forgotten, so the gateway does not look there.
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
  const known = events.flatMap(({ serial }) => sent[serial] ?? []);
  const unnoticed = troubles.flatMap(({ fault, from, to }) => {
    if (fault.kind !== 'box clock set') return [];
    const isWithin = ({ boxId, at }: SentEvent) =>
      boxId === boxIds[fault.box] && at >= from && at <= to;
    if (live.some(isWithin)) return [];
    const oldest = known.find(({ boxId }) => boxId === boxIds[fault.box]);
    return [
      (event: SentEvent) =>
        isWithin(event) && (oldest === undefined || event.at + fault.aheadMs <= oldest.at),
    ];
  });
  return (event) => unnoticed.some((isWithin) => isWithin(event));
}
