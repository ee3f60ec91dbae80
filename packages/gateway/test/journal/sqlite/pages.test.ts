import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Cursor, Journal, Position } from '../../../src/journal/journal.ts';
import { appendAll, entry, eventsIn, journalFile, openAt } from '../../support/journals.ts';

const COUNT = 12;

/** More than half of what a page may have, so that it has two of them at most. */
const EXTRA = { text: 'x'.repeat(3 * 1024 * 1024) };

/** A journal with events as an earlier version took them: too long for many of them on one page. */
async function longEvents() {
  const parts = new AsyncDisposableStack();
  const { path } = parts.use(await journalFile());
  const journal = parts.use(await openAt(path));
  const entries = Array.from({ length: COUNT }, () => entry({ extra: EXTRA }));
  const ids = eventsIn(await appendAll(journal, entries)).map(({ id }) => id);
  return { journal, ids, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

// One for all tests, which only read it: to append events of this length takes seconds.
let given: Awaited<ReturnType<typeof longEvents>>;
beforeAll(async () => {
  given = await longEvents();
});
afterAll(() => given[Symbol.asyncDispose]());

it('a page that is read on from has few long events, and the next has those behind it', async () => {
  const { journal, ids } = given;
  const read: string[] = [];
  let position = 0 as Position;
  while (position < journal.newest) {
    const page = await journal.read(position, 100);
    expect(page.records.length).toBeLessThanOrEqual(2);
    read.push(...eventsIn(page.records).map(({ id }) => id));
    position = page.position;
  }
  expect(read).toEqual(ids);
});

it.each(['first', 'last'] as const)(
  'a page of history from the %s says that there is more',
  async (from) => {
    const read: string[] = [];
    for (let page = await pageOf(given.journal, from); ; ) {
      const ids = page.records.map(({ event }) => event.id);
      expect(ids.length).toBeLessThanOrEqual(2);
      if (from === 'first') read.push(...ids);
      else read.unshift(...ids);
      const end = page.records.at(from === 'first' ? -1 : 0);
      if (!end || !(from === 'first' ? page.hasNextPage : page.hasPreviousPage)) break;
      page = await pageOf(given.journal, from, given.journal.cursorAt(end.position));
    }
    expect(read).toEqual(given.ids);
  },
);

const pageOf = (journal: Journal, from: 'first' | 'last', end?: Cursor) =>
  journal.history({
    filter: {},
    take: { from, count: COUNT },
    ...(end && (from === 'first' ? { after: end } : { before: end })),
  });
