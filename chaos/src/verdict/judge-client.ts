import type { Received } from '../clients/received.ts';
import type { ClientRecord } from '../clients/subscriber.ts';
import type { Trouble } from '../world/carry-out.ts';
import type { SentEvent } from '../world/sent-event.ts';
import { erasedBy } from './erasures.ts';
import type { Finding } from './finding.ts';
import type { JournalOrder } from './journal-order.ts';
import { judgeClientGaps } from './judge-client-gaps.ts';
import { orderWithout, without } from './left-out.ts';
import { lostWithMemory, skippedIn } from './memory.ts';
import { livesOf, restoresOf } from './restores.ts';

/**
 * What a client received against what is in the journal: all that it asked for, once, in the
 * journal's order, and each gap that touches it once, no later than the first event behind it.
 *
 * A client that was told that the journal was rolled back gets all of it again. Then this holds of
 * what came since, and before there is nothing that it did not ask for, and nothing twice.
 *
 * What an erasure may have taken of the journal is not judged.
 */
export function judgeClient(
  whole: ClientRecord,
  journal: JournalOrder,
  sent: readonly SentEvent[],
  troubles: readonly Trouble[],
): Finding[] {
  const mayBeErased = erasedBy(troubles);
  const order = orderWithout(journal, sent, mayBeErased);
  const record = { ...whole, received: without(whole.received, sent, mayBeErased) };
  const { earlier, last } = livesOf(record.received, restoresOf(troubles));
  const before = new Set(earlier.flat().map(({ id }) => id));
  return [
    ...judgeEnd(record),
    ...earlier.flatMap((life) => judgeWishes({ ...record, received: life }, order, sent)),
    ...judgeWishes({ ...record, received: last }, order, sent),
    ...judgeEvents({ ...record, received: last }, order, sent, before),
    ...judgeClientGaps({ ...record, received: last }, order),
  ];
}

const judgeEnd = ({ name, ended, received }: ClientRecord): Finding[] =>
  ended === undefined
    ? []
    : [{ who: name, what: `ended: ${ended}`, at: received.at(-1)?.at ?? Date.now() }];

/** Nothing that was not asked for, and nothing twice. */
function judgeWishes(
  { name: who, interest, received }: ClientRecord,
  { epochs }: JournalOrder,
  sent: readonly SentEvent[],
): Finding[] {
  const findings: Finding[] = [];
  const lost = lostWithMemory(received, epochs);
  const ids = new Set<string>();
  const serials = new Set<number>();
  for (const event of received) {
    if (lost.has(event)) continue;
    const finding = findingsOn(findings, who, event);
    const origin = sent[event.serial];
    if (!origin || !interest.wants(origin)) finding('was not asked for');
    if (ids.has(event.id)) finding(`came twice by its id (${event.id})`);
    else if (serials.has(event.serial)) finding(`came twice, under different ids (${event.id})`);
    ids.add(event.id);
    serials.add(event.serial);
  }
  return findings;
}

/** All that is in the journal, and in its order. @param before ids of what came in its earlier lives. */
function judgeEvents(
  { name: who, interest, received }: ClientRecord,
  { events, epochs }: JournalOrder,
  sent: readonly SentEvent[],
  before: ReadonlySet<string>,
): Finding[] {
  const indexes = new Map(events.map(({ id }, index) => [id, index]));
  const findings: Finding[] = [];
  const lost = lostWithMemory(received, epochs);
  const ids = new Set<string>();
  let furthest = -1;
  for (const event of received) {
    const isAgain = ids.has(event.id);
    ids.add(event.id);
    if (lost.has(event)) continue;
    const finding = findingsOn(findings, who, event);
    const index = indexes.get(event.id);
    if (index === undefined) finding(`is not in the journal (${event.id}, ${event.delivery})`);
    else if (index < furthest && !isAgain) finding('came behind a later one');
    furthest = Math.max(furthest, index ?? -1);
  }
  const kept = received.filter((event) => !lost.has(event));
  const skipped = skippedIn(kept, indexes);
  for (const [index, { id, serial }] of events.entries()) {
    const origin = sent[serial];
    if (!origin || !interest.wants(origin)) continue;
    if (ids.has(id) || before.has(id)) continue;
    if (skipped.some(({ from, to }) => index > from && index < to)) continue;
    findings.push({
      who,
      what: `event ${serial} is in the journal and did not come`,
      at: origin.at,
    });
  }
  return findings;
}

const findingsOn =
  (findings: Finding[], who: string, { serial, at }: Received) =>
  (what: string): void => {
    findings.push({ who, what: `event ${serial} ${what}`, at });
  };
