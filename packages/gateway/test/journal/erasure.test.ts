import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { Journal, Position } from '../../src/journal/journal.ts';
import { KeyFile } from '../../src/privacy/key-file.ts';
import { backUp } from '../support/copies.ts';
import { wholeJournals } from '../support/journal-implementations.ts';
import {
  appendAll,
  cursorOf,
  entry,
  erasePerson,
  gapEntry,
  journalFile,
  keysOf,
  openAt,
  readAll,
} from '../support/journals.ts';
import { filesWith } from '../support/traces.ts';

const ID = 'person-7f3a';
const NAME = 'Visitor 12, of whom nothing stays';
const person = { identityId: ID, identityName: NAME };
const DAY_MS = 86_400_000;
const byIdentity = { kind: 'identity', identityId: ID } as const;

const idsOf = async (journal: Journal) =>
  (await readAll(journal)).records.map((record) =>
    record.kind === 'event' ? record.event.identityId : record.kind,
  );

describe.each(wholeJournals)('erasing from the %s', (_, { create }) => {
  it('takes all events of a person, and no other', async () => {
    await using held = await create();
    const { journal } = held;
    await appendAll(journal, [
      entry(person),
      entry({ identityId: 'other' }),
      entry(person),
      gapEntry(),
      entry(person),
    ]);
    expect(await journal.erase(byIdentity)).toMatchObject({ events: 3, hasClear: false });
    expect(await idsOf(journal)).toEqual(['other', 'gap']);
    expect(await journal.count({})).toBe(1);
    const page = await journal.history({ filter: {}, take: { from: 'last', count: 10 } });
    expect(page.records.map(({ event }) => event.identityId)).toEqual(['other']);
  });

  it('declares no gap for a person: cursors go on as if nobody had been there', async () => {
    await using held = await create();
    const { journal } = held;
    const records = await appendAll(journal, [entry(), entry(person), entry(), entry(person)]);
    const cursors = records.map(({ position }) => journal.cursorAt(position));
    await journal.erase(byIdentity);
    for (const [index, cursor] of cursors.entries()) {
      expect(journal.resume(cursor)).toEqual({
        position: records[index]?.position,
        gap: undefined,
      });
    }
    expect((await readAll(journal)).gaps).toEqual([]);
  });

  it('takes what is older than a time, as retention does', async () => {
    await using held = await create();
    const { journal } = held;
    const at = (time: number) => entry({ occurredAt: time, receivedAt: time + 10 });
    const records = await appendAll(journal, [
      at(1_000),
      gapEntry({ to: 1_500 }),
      at(2_000),
      at(3_000),
      // Read back later.
      entry({ occurredAt: 1_200, receivedAt: 9_000 }),
      at(4_000),
    ]);
    expect(await journal.erase({ kind: 'before', time: 3_000 })).toMatchObject({ events: 3 });
    const left = await readAll(journal, 3);
    expect(left.records.map(({ position }) => position)).toEqual([4, 6]);
    expect(journal.resume(cursorOf(journal, records[0]))).toMatchObject({
      position: 3,
      gap: { reason: 'RETENTION' },
    });
    expect(journal.resume(journal.cursorAt(3 as Position)).gap).toBeUndefined();
  });

  it('goes on with new positions when all is gone', async () => {
    await using held = await create();
    const { journal } = held;
    await appendAll(journal, [entry(), entry()]);
    await journal.erase({ kind: 'before', time: Number.MAX_SAFE_INTEGER });
    expect(await journal.count({})).toBe(0);
    expect(journal.newest).toBe(2);
    expect((await journal.append(entry())).position).toBe(3);
    expect(await readAll(journal, 2)).toMatchObject({ records: [{ position: 3 }], gaps: [] });
  });
});

describe('a journal’s file', () => {
  it('holds nothing in clear that describes a person, erased or not', async () => {
    await using file = await journalFile();
    await using journal = await openAt(file.path);
    const given = { ...person, groupName: 'night shift of the plant', deviceIp: '192.168.177.201' };
    const about = { identityInfo: { room: 'room 4711' }, extra: { card: 'card 0815-77' } };
    await appendAll(journal, [entry({ ...given, ...about }), entry()]);
    const texts = [ID, NAME, given.groupName, given.deviceIp, 'room 4711', 'card 0815-77'];
    expect(await filesWith(dirname(file.path), ...texts)).toEqual([]);
    await journal[Symbol.asyncDispose]();
    expect(await filesWith(dirname(file.path), ...texts)).toEqual([]);
  });

  it('gives an erased person back to nobody, in a copy from before the erasure neither', async () => {
    await using file = await journalFile();
    await using journal = await openAt(file.path);
    const kept = await appendAll(journal, [entry({ identityId: 'other' }), entry(person)]);
    await using copied = await journalFile();
    await mkdir(dirname(copied.path));
    await backUp(file.path, copied.path);
    await journal.erase(byIdentity);
    // The person comes again after the erasure, and is another one for the file.
    await journal.append(entry(person));

    await using copy = await openAt(copied.path, {}, keysOf(file.path));
    expect((await readAll(copy)).records).toEqual(kept.slice(0, 1));
    expect(await copy.count({ identityIds: [ID] })).toBe(0);
    expect(await copy.count({})).toBe(1);
  });

  it('gives what is older than a time back to nobody, in a copy neither, but for the time’s own day', async () => {
    await using file = await journalFile();
    await using journal = await openAt(file.path);
    const at = (time: number) => entry({ ...person, occurredAt: time, receivedAt: time });
    const days = await appendAll(journal, [at(1.2 * DAY_MS), at(2.1 * DAY_MS), at(2.9 * DAY_MS)]);
    await using copied = await journalFile();
    await mkdir(dirname(copied.path));
    await backUp(file.path, copied.path);
    expect(await journal.erase({ kind: 'before', time: 2.5 * DAY_MS })).toMatchObject({
      events: 2,
    });
    expect((await readAll(journal, 2)).records).toEqual(days.slice(2));
    await using copy = await openAt(copied.path, {}, keysOf(file.path));
    expect((await readAll(copy)).records).toEqual(days.slice(1));
  });

  it('knows nothing of the erased at once, and deletes the rows later', async () => {
    await using file = await journalFile();
    await using journal = await openAt(file.path);
    await appendAll(journal, [entry(person), entry(), entry(person)]);
    await journal.erase(byIdentity);
    expect(rowsIn(file.path)).toBe(3);
    expect(await journal.count({})).toBe(1);
    expect(await journal.count({ identityIds: [ID] })).toBe(0);
    expect(await idsOf(journal)).toHaveLength(1);
    await journal.retain();
    expect(rowsIn(file.path)).toBe(1);
    using database = new DatabaseSync(file.path, { readOnly: true });
    expect(database.prepare('SELECT count(*) AS n FROM leaving').get()).toEqual({ n: 0 });
  });

  it('erases a stranger whom a box has numbered, by deleting', async () => {
    await using file = await journalFile();
    await using journal = await openAt(file.path);
    const stranger = { identityId: '1602612036.38', personType: 'STRANGER' } as const;
    await appendAll(journal, [entry(stranger), entry({ identityId: '', personType: 'STRANGER' })]);
    expect(await journal.count({ identityIds: [stranger.identityId] })).toBe(1);
    expect(await erasePerson(journal, stranger.identityId)).toBe(1);
    await journal.append(entry(stranger));
    await journal.retain();
    expect(await idsOf(journal)).toEqual(['', stranger.identityId]);
  });

  it('takes an erased event again when its box tells of it again', async () => {
    await using file = await journalFile();
    await using journal = await openAt(file.path);
    const [told] = [entry({ ...person, occurredAt: 5, receivedAt: 10 })];
    await journal.append(told);
    expect(await journal.append(told)).toMatchObject({ position: 1, isDuplicate: true });
    await journal.erase({ kind: 'before', time: 100 });
    expect(await journal.append(told)).toMatchObject({ position: 2 });
    expect(await journal.append(told)).toMatchObject({ position: 2, isDuplicate: true });
    expect(await idsOf(journal)).toEqual([ID]);
  });

  it('fills a page of history beyond what can’t be opened any more', async () => {
    await using file = await journalFile();
    await using journal = await openAt(file.path);
    const others = await appendAll(
      journal,
      Array.from({ length: 30 }, (_, index) => entry(index % 3 === 0 ? {} : person)),
    );
    {
      // As after the keys of a backup were put back: the journal knows of no erasure.
      using keys = new DatabaseSync(keysOf(file.path));
      keys.exec(
        `DELETE FROM person WHERE name = '${new KeyFile(keysOf(file.path)).keyedHash('person', ID)}'`,
      );
    }
    const staying = others.filter((_, index) => index % 3 === 0);
    const first = await journal.history({ filter: {}, take: { from: 'first', count: 4 } });
    expect(first.records).toEqual(staying.slice(0, 4));
    expect(first.hasNextPage).toBe(true);
    const last = await journal.history({ filter: {}, take: { from: 'last', count: 10 } });
    expect(last.records).toEqual(staying);
    expect((await readAll(journal)).records).toEqual(staying);
  });

  it('follows what its key file forgot while it was not open', async () => {
    await using file = await journalFile();
    {
      await using journal = await openAt(file.path);
      await appendAll(journal, [entry(person), entry()]);
    }
    {
      using keys = new KeyFile(keysOf(file.path));
      keys.forgetPerson(ID, 1);
    }
    await using journal = await openAt(file.path);
    await journal.retain();
    expect(rowsIn(file.path)).toBe(1);
    expect(await journal.count({})).toBe(1);
  });

  it('gives no position out twice, though the newest event was erased before a restart', async () => {
    await using file = await journalFile();
    await using first = await openAt(file.path);
    const [, erased] = await appendAll(first, [entry(), entry(person)]);
    const cursor = cursorOf(first, erased);
    await first.erase(byIdentity);
    await first.retain();
    await first[Symbol.asyncDispose]();
    await using journal = await openAt(file.path);
    expect(journal.newest).toBe(2);
    expect(journal.resume(cursor)).toEqual({ position: 2, gap: undefined });
    expect((await journal.append(entry())).position).toBe(3);
  });

  it.each([
    ['is not there', (keys: string) => rm(keys)],
    ['is another one', (keys: string) => rm(keys).then(() => new KeyFile(keys)[Symbol.dispose]())],
    ['is no key file', (keys: string) => writeFile(keys, 'SQLite format 3\0 and nothing more')],
  ])('is not opened when the key file %s, and stays as it is', async (_, change) => {
    await using file = await journalFile();
    {
      await using journal = await openAt(file.path);
      await appendAll(journal, [entry(person)]);
    }
    await change(keysOf(file.path));
    await expect(openAt(file.path)).rejects.toMatchObject({
      code: 'KEYS_UNUSABLE',
      isFinal: true,
      message: expect.stringContaining(keysOf(file.path)),
    });
    expect(rowsIn(file.path)).toBe(1);
  });
});

function rowsIn(path: string): number {
  using database = new DatabaseSync(path, { readOnly: true });
  return Number(database.prepare('SELECT count(*) AS n FROM event').get()?.['n']);
}
