import { expect, it } from 'vitest';
import { knownEvents } from '../../src/intake/journal-events.ts';
import { createMemoryJournal } from '../../src/journal/memory-journal.ts';
import { appendAll, entry } from '../support/journals.ts';
import { boxId } from '../support/recognitions.ts';

const START = 1_000_000;
const AHEAD_MS = 5_000;

/** A live event that took so long to come, from a box whose clock is ahead. */
const live = (receivedAt: number, delayMs = 0) =>
  entry({ occurredAt: receivedAt + AHEAD_MS - delayMs, receivedAt });

it('measures the clock of a box by its newest live events, whatever a single one says', async () => {
  const journal = createMemoryJournal();
  const wrong = Array.from({ length: 40 }, (_, at) =>
    entry({ occurredAt: 7, receivedAt: START - 60_000 + at }),
  );
  const prompt = Array.from({ length: 30 }, (_, at) => live(START + 100 + at));
  const late = live(START + 500, 60_000);
  const filledIn = entry({ delivery: 'BACKFILLED', occurredAt: 1, receivedAt: START + 600 });
  await appendAll(journal, [...wrong, ...prompt, late, filledIn, live(START + 9_000)]);
  const known = await knownEvents(journal, boxId('hq-lobby'), START + 1_000);
  expect(known).toMatchObject({
    newest: { receivedAt: START + 500 },
    oldestAt: 7,
  });
  expect(known.offsets.toSorted((a, b) => a - b)).toEqual([
    AHEAD_MS - 60_000,
    ...Array.from({ length: 30 }, () => AHEAD_MS),
  ]);
  const all = await knownEvents(journal, boxId('hq-lobby'), undefined);
  expect(all.newest).toMatchObject({ receivedAt: START + 9_000 });
});

it('measures the clock of a box by events that came after the last note too', async () => {
  const journal = createMemoryJournal();
  const before = Array.from({ length: 21 }, (_, at) => live(START + at));
  const setBack = Array.from({ length: 10 }, (_, at) => live(START + 500 + at, 25_000));
  await appendAll(journal, [...before, ...setBack]);
  const known = await knownEvents(journal, boxId('hq-lobby'), START + 100);
  expect(known.newest).toMatchObject({ receivedAt: START + 20 });
  expect(new Set(known.offsets)).toEqual(new Set([AHEAD_MS, AHEAD_MS - 25_000]));
});

it('knows the clock of a box by all that came since the last note, however many', async () => {
  const journal = createMemoryJournal();
  const setBack = Array.from({ length: 5 }, (_, at) => live(START + at, 55_000));
  const setRight = Array.from({ length: 60 }, (_, at) => live(START + 100 + at));
  await appendAll(journal, [...setBack, ...setRight]);
  const known = await knownEvents(journal, boxId('hq-lobby'), START);
  expect(new Set(known.offsets)).toEqual(new Set([AHEAD_MS, AHEAD_MS - 55_000]));
});
