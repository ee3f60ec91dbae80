import type { Received } from '../clients/received.ts';
import type { ClientRecord } from '../clients/subscriber.ts';
import type { Finding } from './finding.ts';
import { describe, type JournalOrder, keyOf } from './journal-order.ts';
import { lostWithMemory, skippedIn } from './memory.ts';

/** Each gap of the journal that touches the client: said once, no later than the first event behind it. */
export function judgeClientGaps(
  { name: who, interest, received }: ClientRecord,
  { events, gaps, epochs }: JournalOrder,
): Finding[] {
  const indexes = new Map(events.map(({ id }, index) => [id, index]));
  const lost = lostWithMemory(received, epochs);
  const kept = received.filter((event) => !lost.has(event));
  const places = kept.map(({ id }) => indexes.get(id) ?? -1);
  const skipped = skippedIn(kept, indexes);
  // Also with an event that went through memory, and was written down later or was not.
  const heard = new Set(received.flatMap(({ gapsBefore }) => gapsBefore.map(keyOf)));
  const told = new Map<string, number[]>();
  for (const [index, { gapsBefore }] of kept.entries()) {
    for (const gap of gapsBefore) {
      const times = told.get(keyOf(gap)) ?? [];
      times.push(index);
      told.set(keyOf(gap), times);
    }
  }
  return gaps.flatMap(({ gap, index }) => {
    if (gap.boxId !== null && !interest.reaches(gap.boxId)) return [];
    const due = places.findIndex((place) => place >= index);
    if (due === -1) return [];
    const times = told.get(keyOf(gap)) ?? [];
    const at = Date.parse(gap.to ?? gap.from ?? '') || 0;
    const finding = (what: string): Finding => ({
      who,
      what: `${describe(gap)} ${what}`,
      at,
      received: [
        `due before event ${events[index]?.serial} of the journal, the ${index}th`,
        ...around(received, kept[due]).map(line(indexes)),
      ],
    });
    const [first] = times;
    if (first === undefined) {
      const isSkipped = skipped.some(({ from, to }) => index > from && index <= to);
      return isSkipped || heard.has(keyOf(gap)) ? [] : [finding('was not said')];
    }
    if (times.length > 1) return [finding(`was said ${times.length} times`)];
    return first > due ? [finding('was said too late')] : [];
  });
}

/** So many on either side. */
const AROUND = 8;

function around(received: readonly Received[], event: Received | undefined): readonly Received[] {
  const index = event ? received.indexOf(event) : received.length;
  return received.slice(Math.max(index - AROUND, 0), index + AROUND);
}

const line =
  (indexes: ReadonlyMap<string, number>) =>
  ({ serial, id, delivery, replayed, epoch, gapsBefore, at }: Received): string =>
    [
      new Date(at).toISOString(),
      `event ${serial}, ${ordinal(indexes.get(id))}, ${delivery}${replayed ? ' replayed' : ''}, ${epoch}`,
      ...gapsBefore.map(describe),
    ].join('; ');

const ordinal = (index: number | undefined): string =>
  index === undefined ? 'not in the journal' : `the ${index}th`;
