import type { Received } from '../../clients/received.ts';
import type { Finding } from '../../verdict/finding.ts';
import { describe, type JournalOrder, keyOf } from '../../verdict/journal-order.ts';
import type { GatewayHistory } from './merged.ts';
import { isOfLog } from './shared-order.ts';

/**
 * Every gateway has what any has, under the same cursors, and the gaps of the boxes where all have
 * them. It may miss what it could not have of the log, where it says so.
 */
export const judgeAgreement = (
  { events, gaps }: JournalOrder,
  histories: readonly GatewayHistory[],
): Finding[] => {
  const cursors = new Map(events.map(({ id, cursor }) => [id, cursor]));
  return histories.flatMap((history) => {
    const own = new Map(history.events.map((event) => [event.id, event]));
    const finding = (what: string, at: number): Finding => ({ who: history.name, what, at });
    const ownGaps = new Set(history.events.flatMap(({ gapsBefore }) => gapsBefore.map(keyOf)));
    const excused = excusedBy(events, own);
    return [
      ...events.flatMap(({ id, serial, at }, index) =>
        own.has(id) || excused.has(index) ? [] : [finding(`does not have event ${serial}`, at)],
      ),
      ...gaps.flatMap(({ gap, index }) =>
        ownGaps.has(keyOf(gap)) || excused.has(index)
          ? []
          : [finding(`does not have the gap ${describe(gap)}`, events[index]?.at ?? 0)],
      ),
      ...history.events.flatMap(({ id, serial, cursor, at }) =>
        cursors.get(id) === cursor ? [] : [finding(`has event ${serial} under another cursor`, at)],
      ),
    ];
  });
};

/** Of all events, those between the last one that the gateway has and its gap of the log. */
function excusedBy(
  events: readonly Received[],
  own: ReadonlyMap<string, Received>,
): ReadonlySet<number> {
  const excused = new Set<number>();
  let missed: number[] = [];
  for (const [index, { id }] of events.entries()) {
    missed.push(index);
    const event = own.get(id);
    if (!event) continue;
    if (event.gapsBefore.some(isOfLog)) for (const each of missed) excused.add(each);
    missed = [];
  }
  return excused;
}
