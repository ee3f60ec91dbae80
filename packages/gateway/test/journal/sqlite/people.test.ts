import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { newCursorKey, newEpoch } from '../../../src/journal/cursor.ts';
import type { EventRecord, Position } from '../../../src/journal/journal.ts';
import { PeopleSearch } from '../../../src/journal/sqlite/people-search.ts';
import { BLOCK_SIZE } from '../../../src/journal/sqlite/schema.ts';
import { Search } from '../../../src/journal/sqlite/search.ts';
import { Keyring } from '../../../src/privacy/keyring.ts';
import { KeyMirror } from '../../../src/privacy/shared/key-mirror.ts';
import { writeClearJournal } from '../../support/clear-journal.ts';
import { appendAll, entry, journalFile, keysOf, openAt } from '../../support/journals.ts';
import { recognition } from '../../support/recognitions.ts';

it('shows a person once whose events have tags of several keys, or are still in clear', async () => {
  await using file = await journalFile();
  await writeClearJournal(file.path, [recognition({ identityId: 'person-7f3a' })]);
  await using journal = await openAt(file.path);
  await journal.append(entry({ identityId: 'person-7f3a' }));
  using mirror = new KeyMirror(keysOf(file.path));
  using keyring = new Keyring(keysOf(file.path));
  // As another gateway created it; the smallest tag seals.
  const owner = keyring.file.keyedHash('person', 'person-7f3a');
  const key = { id: '-', owner, key: randomBytes(32), usedOn: 10 };
  mirror.apply({ keys: [key], forgotten: [], erasures: [] }, 10);
  const newest = await journal.append(entry({ identityId: 'person-7f3a' }));
  const other = await journal.append(entry({ identityId: 'person-5b1c' }));
  using database = new DatabaseSync(file.path, { readOnly: true });
  const tags = database.prepare('SELECT DISTINCT identity_id FROM event').all();
  expect(tags.length).toBeGreaterThanOrEqual(3);
  const page = await journal.people({ filter: {}, count: 10 });
  expect(page).toEqual({ records: [other, newest], next: undefined });
  const after = await journal.people({ filter: {}, count: 10, before: other.position });
  expect(after.records).toEqual([newest]);
  const beyond = await journal.people({ filter: {}, count: 10, before: newest.position });
  expect(beyond.records).toEqual([]);
  expect(await journal.countPeople({}, ['person-7f3a', 'person-5b1c'])).toEqual([3, 1]);
});

it('searches so many names for a page, and says where the next one goes on', async () => {
  await using file = await journalFile();
  await using journal = await openAt(file.path);
  const events = Array.from({ length: 7 }, (_, index) => entry({ identityId: `person-${index}` }));
  const records = (await appendAll(journal, events)) as EventRecord[];
  using database = new DatabaseSync(file.path, { readOnly: true });
  using keyring = new Keyring(keysOf(file.path));
  const opened: number[] = [];
  const people = new PeopleSearch({
    keyring,
    searchOf: (filter) => new Search(database, filter),
    open(position) {
      opened.push(position);
      return records[position - 1];
    },
    maxNames: 3,
  });
  const pageAt = (before: number) => {
    const query = { filter: {}, name: 'nobody', count: 10, before: before as Position };
    return people.find(query, journal.newest).toArray().at(-1);
  };
  expect(pageAt(8)).toEqual({ records: [], next: 5 });
  expect(pageAt(5)).toEqual({ records: [], next: 2 });
  expect(pageAt(2)).toEqual({ records: [], next: undefined });
  expect(opened).toEqual([7, 6, 5, 4, 3, 2, 1]);
});

it.each([
  [{ maxBlocks: 1 }, 'whole', [['f', 'e'], ['d', 'a'], ['c'], ['b']]],
  // Nobody is in front of the first page; behind the newest block, each person takes a look-up.
  [{ maxLookUps: 1 }, 'whole', [['f', 'e', 'd', 'a', 'c', 'b']]],
  [{ maxLookUps: 1 }, 'behind the newest block', [['d'], ['a'], ['c'], [], ['b'], []]],
])(
  'keeps a page to %j, and shows nobody of earlier pages again: %s',
  async (bound, walk, expected) => {
    await using file = await journalFile();
    await using journal = await openAt(file.path);
    // Two in each block; the first of each is seen in the block before and behind it too.
    const ids = ['a', 'b', 'a', 'c', 'a', 'd', 'e', 'f'];
    const records = ids.map((identityId, index) => ({
      ...entry({ identityId }),
      position: (Math.floor(index / 2) * BLOCK_SIZE + 1 + (index % 2)) as Position,
    }));
    const upTo = records.at(-1)?.position ?? (0 as Position);
    const lent = { epoch: newEpoch(), key: newCursorKey() };
    await journal.restore(lent, { after: 0 as Position, upTo, records });
    using database = new DatabaseSync(file.path, { readOnly: true });
    using keyring = new Keyring(keysOf(file.path));
    const people = new PeopleSearch({
      keyring,
      searchOf: (filter) => new Search(database, filter),
      open: (position) => {
        const record = records.find((each) => each.position === position);
        return record as EventRecord | undefined;
      },
      ...bound,
    });
    const pages: unknown[] = [];
    const start = walk === 'whole' ? upTo + 1 : upTo - 1;
    for (let before: Position | undefined = start as Position; before; ) {
      const page = people.find({ filter: {}, count: 10, before }, upTo).toArray().at(-1);
      const shown = page?.records.map(({ event }) => event.identityId);
      pages.push(shown);
      before = page?.next;
    }
    expect(pages).toEqual(expected);
  },
);
