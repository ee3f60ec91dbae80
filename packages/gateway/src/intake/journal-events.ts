import type { BoxId } from '../config/ids.ts';
import { SAMPLES } from '../fleet/clock-offset.ts';
import type { KnownEvents } from '../fleet/fleet-sink.ts';
import type { Cursor, Journal, Position } from '../journal/journal.ts';
import type { Recognition } from '../journal/recognition.ts';

/** Records that are asked for at a time. */
const PAGE = 500;

/** How many pages back the newest live event is looked for; the others were filled in. */
const MAX_PAGES_BACK = 20;

/** So far behind what was heard a note may lag, in ms. */
const NOTE_LAG_MS = 5_000;

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
  // What comes from now on was not known.
  const last = journal.newest;
  const [{ newest, latest }, { records }] = await Promise.all([
    liveEvents(journal, boxId, last, before),
    journal.history({ filter: { boxIds: [boxId] }, take: { from: 'first', count: 1 } }),
  ]);
  const [oldest] = records.filter(({ position }) => position <= last);
  return {
    newest,
    offsets: sinceNote(latest).map(({ occurredAt, receivedAt }) => occurredAt - receivedAt),
    oldestAt: oldest?.event.occurredAt,
  };
}

/** Those that came since the last note, however many, and enough to measure a clock. */
function sinceNote(latest: readonly Recognition[]): readonly Recognition[] {
  const lastAt = latest.at(-1)?.receivedAt ?? 0;
  return latest.filter(
    ({ receivedAt }, index) =>
      index >= latest.length - SAMPLES || receivedAt >= lastAt - NOTE_LAG_MS,
  );
}

/**
 * The live events of the newest page that has any, in the order of the journal, and the newest
 * that came before the time. What is noted of a box lags behind what was heard, so many of the
 * latest events may have come later. Only they show that its clock was set in between, perhaps
 * more than once.
 */
async function liveEvents(
  journal: Journal,
  boxId: BoxId,
  last: Position,
  before: number | undefined,
): Promise<{ readonly newest: Recognition | undefined; readonly latest: readonly Recognition[] }> {
  const filter = { boxIds: [boxId] };
  const take = { from: 'last', count: PAGE } as const;
  let latest: readonly Recognition[] = [];
  let cursor: Cursor | undefined;
  for (let page = 0; page < MAX_PAGES_BACK; page += 1) {
    const { records, hasPreviousPage } = await journal.history({
      filter,
      take,
      ...(cursor && { before: cursor }),
    });
    const live = records
      .filter(({ position, event }) => position <= last && event.delivery === 'LIVE')
      .map(({ event }) => event);
    if (latest.length === 0) latest = live;
    const newest = live.findLast(({ receivedAt }) => before === undefined || receivedAt <= before);
    const [first] = records;
    if (newest || !first || !hasPreviousPage) return { newest, latest };
    cursor = journal.cursorAt(first.position);
  }
  return { newest: undefined, latest };
}
