import { afterEach, beforeEach, expect, it } from 'vitest';
import { newCursorKey, newEpoch } from '../../../src/journal/cursor.ts';
import type { Position } from '../../../src/journal/journal.ts';
import { openForReading } from '../../../src/journal/sqlite/database.ts';
import { Reader } from '../../../src/journal/sqlite/reader.ts';
import { BLOCK_SIZE } from '../../../src/journal/sqlite/schema.ts';
import { Turns } from '../../../src/turns.ts';
import { entry, journalFile, keysOf, openAt } from '../../support/journals.ts';

/** A search looks at one block after the other. */
const BLOCKS = 30;
const NEWEST = BLOCKS * BLOCK_SIZE;

let stack: AsyncDisposableStack;

import { Keyring } from '../../../src/privacy/keyring.ts';

let reader: Reader;

/** One event in each block, and turns that are spent after each block. */
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  const { path } = stack.use(await journalFile());
  const journal = stack.use(await openAt(path));
  const records = Array.from({ length: BLOCKS }, (_, block) => ({
    ...entry(),
    position: ((block + 1) * BLOCK_SIZE) as Position,
  }));
  const stretch = { after: 0 as Position, upTo: NEWEST as Position, records };
  await journal.restore({ epoch: newEpoch(), key: newCursorKey() }, stretch);
  const database = stack.adopt(openForReading(path), (each) => each.close());
  const keyring = stack.use(new Keyring(keysOf(path)));
  let now = 0;
  reader = new Reader(database, keyring, new Turns(1, () => (now += 1)));
});

afterEach(() => stack.disposeAsync());

it('reads for those who resume between two blocks of a search, however many there are', async () => {
  const order: string[] = [];
  const counts = Array.from({ length: 12 }, async () => {
    expect(await reader.count({}, NEWEST)).toBe(BLOCKS);
    order.push('counted');
  });
  setImmediate(() => {
    expect(reader.read(0, NEWEST, 10).records.length).toBe(10);
    order.push('read');
  });
  await Promise.all(counts);
  expect(order[0]).toBe('read');
});

it('gives a search up that nobody waits for any more', async () => {
  const client = new AbortController();
  const abandoned = reader.count({}, NEWEST, client.signal);
  const page = reader.history(
    {
      filter: {},
      after: undefined,
      before: undefined,
      take: { from: 'first', count: 20 },
      detail: 'full',
      newest: NEWEST,
    },
    client.signal,
  );
  const other = reader.count({}, NEWEST);
  client.abort(new Error('the client has gone'));
  await expect(abandoned).rejects.toThrow('the client has gone');
  await expect(page).rejects.toThrow('the client has gone');
  expect(await other).toBe(BLOCKS);
});

it('ends a count of the journal at once when it is given up', async () => {
  await using file = await journalFile();
  await using journal = await openAt(file.path);
  await journal.append(entry());
  const client = new AbortController();
  const count = journal.count({}, client.signal);
  client.abort(new Error('the client has gone'));
  await expect(count).rejects.toThrow('the client has gone');
  await expect(journal.count({}, client.signal)).rejects.toThrow('the client has gone');
  expect(await journal.count({}, new AbortController().signal)).toBe(1);
});
