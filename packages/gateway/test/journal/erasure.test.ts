import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { ImageKey } from '../../src/images/image-store.ts';
import type { ErasureObserver } from '../../src/journal/erasure.ts';
import type { Journal, Position } from '../../src/journal/journal.ts';
import { wholeJournals } from '../support/journal-implementations.ts';
import {
  appendAll,
  cursorOf,
  entry,
  gapEntry,
  journalFile,
  openAt,
  readAll,
} from '../support/journals.ts';
import { filesWith } from '../support/traces.ts';

const ID = 'person-7f3a';
const NAME = 'Visitor 12, of whom nothing stays';
const person = { identityId: ID, identityName: NAME };
const byIdentity = { kind: 'identity', identityId: ID } as const;

/** What went, by what was told before it did. */
class Told implements ErasureObserver {
  readonly pictures: ImageKey[] = [];
  readonly names = new Set<string>();

  async going({ pictures, names }: Parameters<ErasureObserver['going']>[0]): Promise<void> {
    this.pictures.push(...pictures);
    for (const name of names) this.names.add(name);
  }

  progress(): void {}
}

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
    expect(await journal.erase(byIdentity, new Told())).toBe(3);
    expect(await idsOf(journal)).toEqual(['other', 'gap']);
    expect(await journal.count({})).toBe(1);
    const page = await journal.history({ filter: {}, take: { from: 'last', count: 10 } });
    expect(page.records.map(({ event }) => event.identityId)).toEqual(['other']);
  });

  it('tells of the pictures and the names before they go', async () => {
    await using held = await create();
    const { journal } = held;
    const face = { key: 'key-1' as ImageKey, byteLength: 3, contentType: 'image/jpeg' };
    const registered = { ...face, key: 'key-2' as ImageKey };
    await appendAll(journal, [entry({ ...person, pictures: { face, registered } }), entry()]);
    const told = new Told();
    await journal.erase(byIdentity, told);
    expect(told.pictures.toSorted()).toEqual(['key-1', 'key-2']);
    expect([...told.names]).toEqual([NAME]);
  });

  it('takes nothing when the pictures could not be erased', async () => {
    await using held = await create();
    const { journal } = held;
    await appendAll(journal, [entry(person)]);
    const refusing = { going: () => Promise.reject(new Error('no')), progress() {} };
    await expect(journal.erase(byIdentity, refusing)).rejects.toThrow('no');
    expect(await idsOf(journal)).toEqual([ID]);
  });

  it('declares no gap for a person: cursors go on as if nobody had been there', async () => {
    await using held = await create();
    const { journal } = held;
    const records = await appendAll(journal, [entry(), entry(person), entry(), entry(person)]);
    const cursors = records.map(({ position }) => journal.cursorAt(position));
    await journal.erase(byIdentity, new Told());
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
    expect(await journal.erase({ kind: 'before', time: 3_000 }, new Told())).toBe(3);
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
    await journal.erase({ kind: 'before', time: Number.MAX_SAFE_INTEGER }, new Told());
    expect(await journal.count({})).toBe(0);
    expect(journal.newest).toBe(2);
    expect((await journal.append(entry())).position).toBe(3);
    expect(await readAll(journal, 2)).toMatchObject({ records: [{ position: 3 }], gaps: [] });
  });
});

describe('a journal’s file after an erasure', () => {
  it('has no byte of the person, wherever SQLite had left copies, while events go on', async () => {
    await using file = await journalFile();
    await using journal = await openAt(file.path);
    // So that pages are split, rows moved, and pages freed before it comes to it.
    for (let turn = 0; turn < 20; turn += 1) {
      await appendAll(
        journal,
        Array.from({ length: 400 }, (_, index) =>
          index % 9 === 0
            ? entry({ ...person, identityInfo: { about: `${NAME} ${'x'.repeat(turn * 300)}` } })
            : entry({ identityId: `id-${(index * 7919 + turn) % 1_000}` }),
        ),
      );
      if (turn === 12) await journal.retain({ maxRecords: 3_000 });
    }
    await journal.erase({ kind: 'identity', identityId: 'id-3' }, new Told());
    const events = await journal.count({});
    expect(await filesWith(dirname(file.path), ID)).not.toEqual([]);
    const done = new AbortController();
    let appended = 0;
    const live = (async () => {
      for (; !done.signal.aborted; appended += 1) {
        await journal.append(entry({ identityId: 'somebody' }));
      }
    })();
    const erased = await journal.erase(byIdentity, new Told());
    done.abort();
    await live;
    expect(erased).toBeGreaterThan(300);
    expect(appended).toBeGreaterThan(0);
    expect(await filesWith(dirname(file.path), ID, NAME)).toEqual([]);
    expect(await journal.count({})).toBe(events - erased + appended);
    // What is written from memory later brings nothing back.
    await appendAll(
      journal,
      Array.from({ length: 500 }, () => entry()),
    );
    await journal[Symbol.asyncDispose]();
    expect(await filesWith(dirname(file.path), ID, NAME)).toEqual([]);
    using database = new DatabaseSync(file.path);
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    expect(database.prepare('PRAGMA freelist_count').get()).toEqual({ freelist_count: 0 });
  });

  it('has no byte of the person in what retention had freed and long events use again', async () => {
    await using file = await journalFile();
    await using journal = await openAt(file.path);
    const about = (bytes: number, text: string) => ({
      identityInfo: { about: text.repeat(Math.ceil(bytes / text.length)) },
    });
    const mixed = Array.from({ length: 300 }, (_, index) =>
      entry(index % 3 === 0 ? about(1_500, 'x') : { ...person, ...about(1_500, NAME) }),
    );
    await appendAll(journal, mixed);
    for (let kept = 300; kept > 240; kept -= 4) {
      await journal.retain({ maxRecords: kept - 15 });
      // A little too long for a page: most of it goes to a page of its own, and leaves its tail.
      const long = Array.from({ length: 11 }, (_, index) => entry(about(3_850 + index * 20, 'x')));
      await appendAll(journal, long);
    }
    await journal.erase(byIdentity, new Told());
    expect(await filesWith(dirname(file.path), ID, NAME)).toEqual([]);
  });

  it('gives no position out twice, though the newest event was erased before a restart', async () => {
    await using file = await journalFile();
    await using first = await openAt(file.path);
    const [, erased] = await appendAll(first, [entry(), entry(person)]);
    const cursor = cursorOf(first, erased);
    await first.erase(byIdentity, new Told());
    await first[Symbol.asyncDispose]();
    await using journal = await openAt(file.path);
    expect(journal.newest).toBe(2);
    expect(journal.resume(cursor)).toEqual({ position: 2, gap: undefined });
    expect((await journal.append(entry())).position).toBe(3);
  });

  it('says so when another program keeps the log from being emptied, and can be tried again', async () => {
    await using file = await journalFile();
    await using journal = await openAt(file.path);
    await appendAll(journal, [entry(person), entry()]);
    using other = new DatabaseSync(file.path, { readOnly: true });
    other.exec('BEGIN');
    other.prepare('SELECT count(*) FROM event').get();
    const erasing = journal.erase(byIdentity, new Told(), 100);
    await expect(erasing).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: /another program reads/,
    });
    other.exec('COMMIT');
    expect(await journal.erase(byIdentity, new Told())).toBe(0);
    expect(await filesWith(dirname(file.path), ID, NAME)).toEqual([]);
  });
});
