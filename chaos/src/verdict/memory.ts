import type { Gap, Received } from '../clients/received.ts';

/** Whether a client is told with this event that the journal could not be had. */
const saysJournal = ({ gapsBefore }: Received): boolean =>
  gapsBefore.some(({ reason, boxId }) => OF_THE_JOURNAL.has(reason) && boxId === null);

const OF_THE_JOURNAL: ReadonlySet<Gap['reason']> = new Set([
  'JOURNAL_UNAVAILABLE',
  'UNKNOWN_CURSOR',
]);

/** Between which events of the journal the client was told that the journal could not be read. */
export function skippedIn(
  received: readonly Received[],
  indexes: ReadonlyMap<string, number>,
): readonly { readonly from: number; readonly to: number }[] {
  let from = -1;
  return received.flatMap((event) => {
    const span = { from, to: indexes.get(event.id) ?? -1 };
    from = Math.max(from, span.to);
    return saysJournal(event) ? [span] : [];
  });
}

/**
 * What was told while the disk was full, and went with the process before it could be written
 * down: allowed where the very next event says that the journal could not be had. It may come
 * again, read back from the box.
 *
 * @param epochs of the journal's file.
 */
export function lostWithMemory(
  received: readonly Received[],
  epochs: ReadonlySet<string>,
): ReadonlySet<Received> {
  const lost = new Set<Received>();
  let ofMemory: Received[] = [];
  for (const event of received) {
    if (saysJournal(event)) for (const each of ofMemory) lost.add(each);
    if (epochs.has(event.epoch) || saysJournal(event)) ofMemory = [];
    if (!epochs.has(event.epoch)) ofMemory.push(event);
  }
  return lost;
}
