import type { Received } from '../../clients/received.ts';
import type { ClientRecord } from '../../clients/subscriber.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { SentEvent } from '../../world/sent-event.ts';

/**
 * What an honest client got against what the honest boxes said: all that it asked for, once, without
 * a gap, in the order of the journal, and nothing that a hostile box said.
 *
 * @param journal is the history of the honest boxes, oldest first.
 */
export function judgeHonest(
  { name: who, interest, received, ended }: ClientRecord,
  sent: readonly SentEvent[],
  journal: readonly Received[],
): readonly Finding[] {
  const findings: Finding[] = [];
  const finding = (what: string, at: number) => findings.push({ who, what, at });
  if (ended !== undefined) finding(`ended: ${ended}`, received.at(-1)?.at ?? Date.now());

  const places = new Map(journal.map(({ id }, place) => [id, place]));
  const heard = new Set<number>();
  let last = -1;
  for (const { id, serial, gapsBefore, at } of received) {
    const origin = sent[serial];
    if (!origin || !interest.wants(origin)) finding(`event ${serial} was not asked for`, at);
    if (heard.has(serial)) finding(`event ${serial} came twice`, at);
    for (const { reason } of gapsBefore) finding(`a gap ${reason} was declared`, at);
    heard.add(serial);
    const place = places.get(id);
    if (place === undefined) finding(`event ${serial} is not in the journal`, at);
    else if (place <= last) finding(`event ${serial} is out of order`, at);
    last = place ?? last;
  }
  for (const event of sent) {
    if (interest.wants(event) && !heard.has(event.serial)) {
      finding(`event ${event.serial} of ${event.boxId} is missing`, event.at);
    }
  }
  return findings;
}
