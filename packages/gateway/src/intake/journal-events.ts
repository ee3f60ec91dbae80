import type { BoxId } from '../config/ids.ts';
import { ClockOffset } from '../fleet/clock-offset.ts';
import type { KnownEvents } from '../fleet/sink.ts';
import type { Cursor, Journal } from '../journal/journal.ts';
import type { Recognition } from '../journal/recognition.ts';

/** Records that are asked for at a time. */
const PAGE = 500;

/** How many pages back the newest live event is looked for; the others were filled in. */
const MAX_PAGES_BACK = 20;

/** The events of the box in the journal that occurred from `from` to `to` (exclusive), by its clock. */
export async function* eventsBetween(
  journal: Journal,
  boxId: BoxId,
  from: number,
  to: number,
): AsyncGenerator<Recognition, void> {
  const filter = { boxIds: [boxId], from, to };
  const take = { from: 'first', count: PAGE } as const;
  let after: Cursor | undefined;
  for (;;) {
    const page = await journal.history({ filter, take, ...(after && { after }) });
    for (const { event } of page.records) yield event;
    const last = page.records.at(-1);
    if (!last || !page.hasNextPage) return;
    after = journal.cursorAt(last.position);
  }
}

/** What the journal has of a box; see `FleetSink.known`. */
export async function knownEvents(
  journal: Journal,
  boxId: BoxId,
  before: number | undefined,
): Promise<KnownEvents> {
  const [live, oldest] = await Promise.all([
    newestLive(journal, boxId, before),
    journal.history({ filter: { boxIds: [boxId] }, take: { from: 'first', count: 1 } }),
  ]);
  // The samples that it keeps are those that come last: the newest.
  const clock = new ClockOffset();
  for (const { occurredAt, receivedAt } of live) clock.sample(occurredAt, receivedAt);
  return {
    newest: live.at(-1),
    offsets: clock.samples,
    oldestAt: oldest.records[0]?.event.occurredAt,
  };
}

/** The newest live event, behind those of its page, in the order of the journal; else none. */
async function newestLive(
  journal: Journal,
  boxId: BoxId,
  before: number | undefined,
): Promise<readonly Recognition[]> {
  const filter = { boxIds: [boxId] };
  // What comes from now on was not known.
  const { newest } = journal;
  const take = { from: 'last', count: PAGE } as const;
  let cursor: Cursor | undefined;
  for (let page = 0; page < MAX_PAGES_BACK; page += 1) {
    const { records, hasPreviousPage } = await journal.history({
      filter,
      take,
      ...(cursor && { before: cursor }),
    });
    const live = records
      .filter(({ position }) => position <= newest)
      .map(({ event }) => event)
      .filter(
        ({ delivery, receivedAt }) =>
          delivery === 'LIVE' && (before === undefined || receivedAt <= before),
      );
    const [first] = records;
    if (live.length > 0 || !first || !hasPreviousPage) return live;
    cursor = journal.cursorAt(first.position);
  }
  return [];
}
