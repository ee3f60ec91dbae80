import type { BoxId } from '../config/ids.ts';
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

/** What the journal has of a box; `before` by our clock. */
export async function knownEvents(
  journal: Journal,
  boxId: BoxId,
  before: number,
): Promise<KnownEvents> {
  const [newest, oldest] = await Promise.all([
    newestLive(journal, boxId, before),
    journal.history({ filter: { boxIds: [boxId] }, take: { from: 'first', count: 1 } }),
  ]);
  return { newest, oldestAt: oldest.records[0]?.event.occurredAt };
}

async function newestLive(
  journal: Journal,
  boxId: BoxId,
  before: number,
): Promise<Recognition | undefined> {
  const filter = { boxIds: [boxId] };
  const take = { from: 'last', count: PAGE } as const;
  let cursor: Cursor | undefined;
  for (let page = 0; page < MAX_PAGES_BACK; page += 1) {
    const { records, hasPreviousPage } = await journal.history({
      filter,
      take,
      ...(cursor && { before: cursor }),
    });
    const found = records.findLast(
      ({ event }) => event.delivery === 'LIVE' && event.receivedAt <= before,
    );
    const [first] = records;
    if (found || !first || !hasPreviousPage) return found?.event;
    cursor = journal.cursorAt(first.position);
  }
  return undefined;
}
