import { readdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventFilter } from '../../../src/journal/filter.ts';
import type { Cursor, EventRecord, Position } from '../../../src/journal/journal.ts';
import { BLOCK_SIZE } from '../../../src/journal/sqlite/schema.ts';
import { matchesModel } from '../../support/arbitraries.ts';
import {
  appendAll,
  cursorOf,
  entries,
  entry,
  holdSqliteJournal,
  journalFile,
  openAt,
  readAll,
} from '../../support/journals.ts';
import { boxId, recognition } from '../../support/recognitions.ts';

const HOUR = 3_600_000;

const failing = (code: string) => expect.objectContaining({ name: 'JournalError', code });

describe('the SQLite journal', () => {
  it('has everything in its place after a restart, and knows its cursors and its events', async () => {
    await using file = await journalFile();
    const all = [...entries(3), ...entries(2)];
    let cursor: Cursor;
    let records: unknown;
    {
      await using journal = await openAt(file.path);
      const appended = await appendAll(journal, all);
      cursor = cursorOf(journal, appended[1]);
      records = appended;
    }
    await using journal = await openAt(file.path);
    expect(await readAll(journal)).toEqual({ records, gaps: [] });
    const { position, gap } = journal.resume(cursor);
    expect(gap).toBeUndefined();
    expect((await readAll(journal, position)).records).toHaveLength(3);
    expect(await journal.append(all[0] ?? entry())).toMatchObject({ isDuplicate: true });
    const [next] = await appendAll(journal, entries(1));
    expect(next?.position).toBe(6);
  });

  it('keeps others out of its files', async () => {
    await using file = await journalFile();
    await using journal = await openAt(file.path);
    await journal.append(entry());
    const directory = dirname(file.path);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    const files = await readdir(directory);
    expect(files.toSorted()).toEqual([
      'journal.db',
      'journal.db-shm',
      'journal.db-wal',
      'journal.db.lock',
      'keys.db',
    ]);
    for (const name of files) {
      expect((await stat(`${directory}/${name}`)).mode & 0o777).toBe(0o600);
    }
  });

  it('gives back what it was given, whatever the box wrote', async () => {
    await using held = await holdSqliteJournal();
    const { journal } = held;
    const text = fc.string({ unit: 'binary' });
    const score = fc.double({ noNaN: true }).filter((value) => !Object.is(value, -0));
    await fc.assert(
      fc.asyncProperty(text, text, fc.jsonValue(), score, async (...given) => {
        const [identityId, identityName, json, score] = given;
        const extra = { text: identityName, json: JSON.parse(JSON.stringify(json)) };
        const pictures = {};
        const event = recognition({ identityId, identityName, extra, score, pictures });
        const { position } = await journal.append({ kind: 'event', event });
        const { records } = await journal.read((position - 1) as Position, 1);
        expect(records).toEqual([{ kind: 'event', position, event }]);
        expect(await journal.count({ identityIds: [identityId] })).toBeGreaterThan(0);
      }),
    );
  });

  it('refuses an event that can’t be a row, and takes the others of the same turn', async () => {
    await using held = await holdSqliteJournal();
    const all = [entry(), entry({ score: Number.NaN }), entry()];
    const [first, second, third] = await Promise.allSettled(
      all.map((each) => held.journal.append(each)),
    );
    expect([first?.status, second?.status, third?.status]).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect((await readAll(held.journal)).records.map(({ position }) => position)).toEqual([1, 2]);
  });

  it('finds events by any filter in blocks far apart, from either end', async () => {
    await using held = await holdSqliteJournal();
    const { journal } = held;
    const count = 2 * BLOCK_SIZE + 100;
    const all = Array.from({ length: count }, (_, i) =>
      entry({
        boxId: boxId(`box-${i % 3}`),
        identityId: i % 1_000 === 17 ? 'seldom' : `person-${i % 50}`,
        personType: i % 3_000 === 5 ? 'BLACKLIST' : 'VISITOR',
        // Every hundredth was filled in later: an hour that lies among others.
        occurredAt: i % 100 === 99 ? HOUR : i * 1_000,
      }),
    );
    const records = (await appendAll(journal, all)) as EventRecord[];
    const filters: readonly EventFilter[] = [
      { identityIds: ['seldom'] },
      { identityIds: ['seldom', 'nobody', ...Array.from({ length: 100 }, (_, i) => `none-${i}`)] },
      { personTypes: ['BLACKLIST'] },
      { boxIds: ['box-1'], personTypes: ['BLACKLIST', 'VIP'] },
      { deviceIds: ['box-2/gate-1'], from: 2 * HOUR - 5_000, to: 2 * HOUR + 5_000 },
      { from: HOUR, to: HOUR + 1 },
      { from: 100 * HOUR },
      { boxIds: ['none'] },
    ];
    for (const filter of filters) {
      const expected = records.filter(({ event }) => matchesModel(filter, event));
      expect(await journal.count(filter)).toBe(expected.length);
      for (const from of ['first', 'last'] as const) {
        const page = await journal.history({ filter, take: { from, count: 7 } });
        expect(page.records).toEqual(from === 'first' ? expected.slice(0, 7) : expected.slice(-7));
      }
    }
  });

  it('lets go of what is too old, but never of the newest record', async () => {
    await using file = await journalFile();
    await using journal = await openAt(file.path, { keepMs: HOUR });
    const now = Date.now();
    const at = (receivedAt: number) => entry({ receivedAt });
    const records = await appendAll(journal, [
      ...Array.from({ length: 1_000 }, () => at(now - 2 * HOUR)),
      at(now),
      // By a clock that was set back; it came after one that stays.
      at(now - 2 * HOUR),
      at(now),
    ]);
    const cursor = cursorOf(journal, records[499]);
    await journal.retain();
    expect((await readAll(journal, 1_000)).records).toEqual(records.slice(1_000));
    const gap = { reason: 'RETENTION', from: now - 2 * HOUR, to: now, boxId: null, count: 500 };
    expect(journal.resume(cursor)).toEqual({ position: 1_000, gap });

    await journal.retain({ keepMs: -HOUR });
    expect((await readAll(journal, 1_000)).records).toEqual(records.slice(-1));
  });

  it('stays below its size, gives the room back, and goes on counting', async () => {
    await using file = await journalFile();
    await using journal = await openAt(file.path);
    const large = () => entry({ extra: { text: 'x'.repeat(10_000) } });
    const records = await appendAll(journal, Array.from({ length: 500 }, large));
    await journal.retain({ maxBytes: 1_000_000 });
    const kept = (await readAll(journal)).records;
    expect(kept).toEqual(records.slice(-kept.length));
    expect(kept.length).toBeGreaterThan(20);
    expect(kept.length * 10_000).toBeLessThan(1_000_000);
    const [next] = await appendAll(journal, entries(1));
    expect(next?.position).toBe(501);
    await journal[Symbol.asyncDispose]();
    expect((await stat(file.path)).size).toBeLessThan(1_500_000);
  });

  it('fails every append from the first that finds the disk full, in order, until it is restored', async () => {
    await using held = await holdSqliteJournal();
    const { journal } = held;
    const [first] = await appendAll(journal, entries(1));
    await journal.limitPages(1);
    const failed: number[] = [];
    const errors = await Promise.all(
      Array.from({ length: 1_200 }, (_, index) =>
        journal.append(entry({ extra: { text: 'x'.repeat(5_000) } })).catch((error: unknown) => {
          failed.push(index);
          return error;
        }),
      ),
    );
    expect(errors).toEqual(errors.map(() => failing('FULL')));
    expect(failed).toEqual([...errors.keys()]);
    await expect(journal.append(entry())).rejects.toEqual(failing('FULL'));
    expect((await readAll(journal)).records).toEqual([first]);

    const lent = { epoch: 1n, key: journal.cursorKey };
    const records = entries(2).map((each, i) => ({ ...each, position: (10 + i) as Position }));
    const stretch = { after: 9 as Position, upTo: 11 as Position, records };
    await expect(
      journal.restore(lent, { ...stretch, upTo: 10 as Position, records: records.slice(0, 1) }),
    ).resolves.toBeUndefined();
    await journal.limitPages(1_000_000);
    await journal.restore(lent, stretch);
    expect(await journal.append(entry())).toMatchObject({ position: 12 });
    expect((await readAll(journal)).records.map(({ position }) => position)).toEqual([
      1, 10, 11, 12,
    ]);
  });
});
