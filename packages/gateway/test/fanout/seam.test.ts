import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Position } from '../../src/journal/journal.ts';
import { Inside } from '../support/inside.ts';
import { holdSqliteJournal, positionsOf } from '../support/journals.ts';
import { drawing } from '../support/seed.ts';

const SUBSCRIBERS = 1_000;
const AT_A_TIME = 25;

/** How far behind one may come, and how far it goes on, in events: over the seam, and on. */
const BEHIND = 40;
const ON = 10;

/** Most turns of the event loop between two things that happen. */
const MOST_TURNS = [0, 1, 5, 100];

it('1,000 who come with a cursor while events arrive get each event once, and in order', async () => {
  await using held = await holdSqliteJournal();
  const { journal } = held;
  using inside = new Inside(journal);
  await inside.events(BEHIND);
  const crossed = new Set<'replayed' | 'live'>();
  let left = SUBSCRIBERS;
  const over = new AbortController();
  const random = drawing();
  const upTo = (count: number): number => random.below(count + 1);
  const anyTurns = async (): Promise<void> => {
    for (let turns = upTo(random.pick(MOST_TURNS)); turns > 0; turns -= 1) await nextTurn();
  };

  const arriveInBursts = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const burst = inside.events(1 + upTo(3));
      await anyTurns();
      if (upTo(1) === 0) await burst;
    }
  };
  const comeOneByOne = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await anyTurns();
      const { newest } = journal;
      const after = (newest - upTo(BEHIND)) as Position;
      const subscriber = inside.subscribe({ after: journal.cursorAt(after) });
      const received = await subscriber.take(newest - after + ON);
      expect(positionsOf(received)).toEqual(received.map((_, index) => after + 1 + index));
      for (const { replayed } of received) crossed.add(replayed ? 'replayed' : 'live');
      await subscriber.return();
    }
  };
  const coming = Promise.all(Array.from({ length: AT_A_TIME }, comeOneByOne)).finally(() =>
    over.abort(),
  );
  // Both are awaited, so that nothing is left behind when one fails.
  await Promise.allSettled([arriveInBursts(), coming]);
  await coming;
  expect(crossed).toEqual(new Set(['replayed', 'live']));
});
