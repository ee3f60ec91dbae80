import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import type { JournalEntry } from '../../../src/journal/journal.ts';
import type { Recognition } from '../../../src/journal/recognition.ts';
import {
  appendAll,
  entry,
  eventsIn,
  gapsIn,
  journalFile,
  openAt,
  readAll,
} from '../../support/journals.ts';

const EVENTS = 12_000;
const OTHERS = 50;
/** Of what the events take, so much may stay: how many fit on a page decides how much that is. */
const MAX_PART = 0.9;

/** Events of one busy box among those of the others, which take their turns. */
const interleaved = (percent: number): JournalEntry[] =>
  Array.from({ length: EVENTS }, (_, index) => {
    const isBusy = (index * 37) % 100 < percent;
    const boxId = (isBusy ? 'busy' : `quiet-${index % OTHERS}`) as Recognition['boxId'];
    return entry({ boxId, extra: { text: 'x'.repeat(300) } });
  });

function usedBytes(path: string): number {
  using database = new DatabaseSync(path, { readOnly: true });
  const { used } = database.prepare(USED).get() ?? {};
  return Number(used);
}

const USED = `
  SELECT (page_count - freelist_count) * page_size AS used
  FROM pragma_page_count, pragma_freelist_count, pragma_page_size`;

const countByBox = (entries: readonly { readonly boxId: string }[]) => {
  const counts = new Map<string, number>();
  for (const { boxId } of entries) counts.set(boxId, (counts.get(boxId) ?? 0) + 1);
  return counts;
};

/** How many of `room` events each box may keep when the box that has the most gives first. */
function idealShares(sent: ReadonlyMap<string, number>, room: number): Map<string, number> {
  let [left, boxes] = [room, sent.size];
  const ideal = new Map<string, number>();
  for (const [boxId, count] of [...sent].toSorted(([, a], [, b]) => a - b)) {
    const share = Math.min(count, left / boxes);
    ideal.set(boxId, share);
    left -= share;
    boxes -= 1;
  }
  return ideal;
}

it.each([30, 60])(
  'a full journal leaves each box its share where one among 50 sends %i percent',
  async (percent) => {
    await using file = await journalFile();
    await using journal = await openAt(file.path);
    const sent = eventsIn(await appendAll(journal, interleaved(percent)));
    const maxBytes = Math.round(usedBytes(file.path) * MAX_PART);
    const room = EVENTS * MAX_PART;
    for (let rounds = 0; rounds < 6; rounds += 1) await journal.retain({ maxBytes });
    const { records } = await readAll(journal);
    const kept = countByBox(eventsIn(records));
    expect(usedBytes(file.path)).toBeLessThanOrEqual(maxBytes);
    for (const [boxId, ideal] of idealShares(countByBox(sent), room)) {
      expect((kept.get(boxId) ?? 0) / ideal, boxId).toBeGreaterThan(0.8);
    }
    expect(gapsIn(records).length).toBeLessThanOrEqual(OTHERS + 1);
  },
);
