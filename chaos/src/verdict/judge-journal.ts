import type { Gap, Received } from '../clients/received.ts';
import type { SentEvent } from '../world/sent-event.ts';
import type { Finding } from './finding.ts';
import { type JournalOrder, spanOf } from './journal-order.ts';

const who = 'the journal';

/**
 * What is in the journal against what the boxes said: each event once, or within a declared gap;
 * LIVE only what somebody listened to, and of each device in the order in which it was said.
 *
 * @param mayMiss events that nobody can know to be missing.
 */
export function judgeJournal(
  { events, gaps }: JournalOrder,
  sent: readonly SentEvent[],
  mayMiss: (event: SentEvent) => boolean,
): Finding[] {
  const found = new Map<number, Received[]>();
  for (const event of events) {
    const same = found.get(event.serial);
    if (same) same.push(event);
    else found.set(event.serial, [event]);
  }
  const declared = gaps.map(({ gap }) => gap);
  const due = sent.filter((event) => found.has(event.serial) || !mayMiss(event));
  return [
    ...due.flatMap((event) => judgeEvent(event, found.get(event.serial) ?? [], declared)),
    ...judgeIds(events),
    ...judgeLiveOrder(events, sent),
  ];
}

function judgeEvent(event: SentEvent, found: readonly Received[], gaps: readonly Gap[]): Finding[] {
  const finding = (what: string): Finding => ({
    who,
    what: `${name(event)} ${what}`,
    at: event.at,
  });
  const [first, ...more] = found;
  if (!first)
    return gaps.some((gap) => covers(gap, event)) ? [] : [finding('is missing, and in no gap')];
  const findings: Finding[] = [];
  if (more.length > 0) {
    const all = found.map(({ id, delivery }) => `${id} ${delivery}`).join(', ');
    findings.push(finding(`is there ${found.length} times (${all})`));
  }
  if (first.deviceId !== `${event.boxId}/${event.deviceId}`) {
    findings.push(finding(`is there as one of ${first.deviceId}`));
  }
  if (event.listeners === 0 && found.some(({ delivery }) => delivery === 'LIVE')) {
    findings.push(finding('is LIVE, though nobody listened'));
  }
  return findings;
}

/** Whether the gap says that the event may be missing. */
function covers(gap: Gap, { boxId, at }: SentEvent): boolean {
  const [from, to] = spanOf(gap);
  const isAbout = gap.boxId === null || gap.boxId === boxId;
  return isAbout && at >= from && at <= to;
}

function judgeIds(events: readonly Received[]): Finding[] {
  const seen = new Set<string>();
  const doubled = events.filter(({ id }) => seen.size === seen.add(id).size);
  return doubled.map(({ id, at }) => ({ who, what: `the id ${id} is there again`, at }));
}

function judgeLiveOrder(events: readonly Received[], sent: readonly SentEvent[]): Finding[] {
  const last = new Map<string, number>();
  const findings: Finding[] = [];
  for (const { deviceId, delivery, serial, at } of events) {
    if (delivery !== 'LIVE') continue;
    const before = last.get(deviceId) ?? -1;
    if (serial < before) {
      const what = `event ${serial} of ${deviceId} is LIVE after event ${before}, which came later`;
      findings.push({ who, what, at: sent[serial]?.at ?? at });
    }
    last.set(deviceId, Math.max(before, serial));
  }
  return findings;
}

const name = ({ serial, boxId, listeners }: SentEvent): string =>
  `event ${serial} of ${boxId} (heard by ${listeners})`;
