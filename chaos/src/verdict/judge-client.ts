import type { Gap, Received } from '../clients/received.ts';
import type { ClientRecord } from '../clients/subscriber.ts';
import type { SentEvent } from '../world/sent-event.ts';
import type { Finding } from './finding.ts';
import { describe, type JournalOrder, keyOf } from './journal-order.ts';

/**
 * What a client received against what is in the journal: all that it asked for, once, in the
 * journal's order, and each gap that touches it once, no later than the first event behind it.
 */
export function judgeClient(
  record: ClientRecord,
  order: JournalOrder,
  sent: readonly SentEvent[],
): Finding[] {
  return [...judgeEnd(record), ...judgeEvents(record, order, sent), ...judgeGaps(record, order)];
}

const judgeEnd = ({ name, ended, received }: ClientRecord): Finding[] =>
  ended === undefined
    ? []
    : [{ who: name, what: `ended: ${ended}`, at: received.at(-1)?.at ?? Date.now() }];

function judgeEvents(
  { name: who, interest, received }: ClientRecord,
  { events }: JournalOrder,
  sent: readonly SentEvent[],
): Finding[] {
  const indexes = new Map(events.map(({ id }, index) => [id, index]));
  const findings: Finding[] = [];
  const lost = lostWithMemory(received, events.at(-1)?.epoch ?? '');
  const came = new Set<string>();
  const ids = new Set<string>();
  const serials = new Set<number>();
  let furthest = -1;
  for (const event of received) {
    const finding = (what: string) => {
      findings.push({ who, what: `event ${event.serial} ${what}`, at: event.at });
    };
    came.add(event.id);
    if (lost.has(event)) continue;
    const origin = sent[event.serial];
    const index = indexes.get(event.id);
    if (!origin || !interest.wants(origin)) finding('was not asked for');
    if (index === undefined) finding(`is not in the journal (${event.id}, ${event.delivery})`);
    if (ids.has(event.id)) finding(`came twice by its id (${event.id})`);
    else if (serials.has(event.serial)) finding(`came twice, under different ids (${event.id})`);
    else if (index !== undefined && index < furthest) finding('came behind a later one');
    ids.add(event.id);
    serials.add(event.serial);
    furthest = Math.max(furthest, index ?? -1);
  }
  const skipped = skippedIn(
    received.filter((event) => !lost.has(event)),
    indexes,
  );
  for (const [index, { id, serial }] of events.entries()) {
    const origin = sent[serial];
    if (!origin || !interest.wants(origin) || came.has(id)) continue;
    if (skipped.some(({ from, to }) => index > from && index < to)) continue;
    findings.push({
      who,
      what: `event ${serial} is in the journal and did not come`,
      at: origin.at,
    });
  }
  return findings;
}

/** Between which events of the journal the client was told that the journal could not be read. */
function skippedIn(
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
 */
function lostWithMemory(received: readonly Received[], ownEpoch: string): ReadonlySet<Received> {
  const lost = new Set<Received>();
  let ofMemory: Received[] = [];
  for (const event of received) {
    if (saysJournal(event)) for (const each of ofMemory) lost.add(each);
    if (event.epoch === ownEpoch || saysJournal(event)) ofMemory = [];
    if (event.epoch !== ownEpoch) ofMemory.push(event);
  }
  return lost;
}

const saysJournal = ({ gapsBefore }: Received): boolean =>
  gapsBefore.some(({ reason, boxId }) => OF_THE_JOURNAL.has(reason) && boxId === null);

const OF_THE_JOURNAL: ReadonlySet<Gap['reason']> = new Set([
  'JOURNAL_UNAVAILABLE',
  'UNKNOWN_CURSOR',
]);

function judgeGaps(
  { name: who, interest, received }: ClientRecord,
  { events, gaps }: JournalOrder,
): Finding[] {
  const indexes = new Map(events.map(({ id }, index) => [id, index]));
  const lost = lostWithMemory(received, events.at(-1)?.epoch ?? '');
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
