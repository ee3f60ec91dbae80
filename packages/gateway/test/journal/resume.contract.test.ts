import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Cursor, Position } from '../../src/journal/journal.ts';
import { everyJournal } from '../support/journal-implementations.ts';
import { appendAll, cursorOf, entries, entry, gapEntry } from '../support/journals.ts';

describe.concurrent.each(everyJournal)('the %s', (_, { create, reason }) => {
  it('resumes right after the record of a cursor', async () => {
    await using held = await create(100);
    const { journal } = held;
    const [first, second, third] = await appendAll(journal, entries(3));
    const resumed = journal.resume(cursorOf(journal, first));
    expect(resumed).toEqual({ position: first?.position, gap: undefined });
    expect((await journal.read(resumed.position, 10)).records).toEqual([second, third]);
  });

  it('resumes after a cursor of the time before the first record', async () => {
    await using held = await create(100);
    const { journal } = held;
    const cursor = journal.cursorAt(journal.newest);
    const records = await appendAll(journal, entries(2));
    const { position, gap } = journal.resume(cursor);
    expect(gap).toBeUndefined();
    expect((await journal.read(position, 10)).records).toEqual(records);
  });

  it('says INVALID_CURSOR for what is no cursor', async () => {
    await using held = await create(100);
    const { journal } = held;
    const invalid = expect.objectContaining({ code: 'INVALID_CURSOR' });
    expect(() => journal.resume('tomorrow')).toThrow(invalid);
    const after = 'tomorrow' as Cursor;
    await expect(
      journal.history({ filter: {}, after, take: { from: 'first', count: 1 } }),
    ).rejects.toEqual(invalid);
  });

  it('takes a cursor of another epoch for a gap, and gives everything it keeps', async () => {
    await using former = await create(100);
    const { journal: earlier } = former;
    await using held = await create(100);
    const { journal } = held;
    await appendAll(earlier, entries(1));
    const records = await appendAll(journal, entries(2));
    const { position, gap } = journal.resume(earlier.cursorAt(earlier.newest));
    expect(gap).toEqual({
      reason: 'UNKNOWN_CURSOR',
      from: null,
      to: null,
      boxId: null,
      count: null,
    });
    expect((await journal.read(position, 10)).records).toEqual(records);
  });

  it('takes a forged cursor for one of another journal, wherever it was changed', async () => {
    await using held = await create(100);
    const { journal } = held;
    const records = await appendAll(journal, entries(20));
    const bytes = Buffer.from(cursorOf(journal, records[10]), 'base64url');
    const end = bytes.length - 3;
    for (let at = 1; at < end; at += 1) {
      const forged = Buffer.from(bytes);
      forged.writeUInt8(forged.readUInt8(at) ^ 1, at);
      forged.writeUIntBE(crc32(forged.subarray(0, end)) >>> 8, end, 3);
      const { gap } = journal.resume(forged.toString('base64url'));
      expect({ at, reason: gap?.reason }).toEqual({ at, reason: 'UNKNOWN_CURSOR' });
    }
  });

  it('takes a cursor beyond its newest record for one of another life', async () => {
    await using held = await create(100);
    const { journal } = held;
    const [only] = await appendAll(journal, entries(1));
    const ahead = journal.cursorAt((journal.newest + 1) as Position);
    const { position, gap } = journal.resume(ahead);
    expect(gap?.reason).toBe('UNKNOWN_CURSOR');
    expect((await journal.read(position, 10)).records).toEqual([only]);
  });

  it('says what retention has taken, with the number of events', async () => {
    await using held = await create(10);
    const { journal } = held;
    const entries = Array.from({ length: 25 }, (_, i) => entry({ receivedAt: i }));
    const records = await appendAll(journal, entries);
    await held.retain();
    const kept = records.slice(15);
    const fifth = records[4]?.position as Position;
    const gap = { reason, from: 0, to: 15, boxId: null, count: 10 };
    const resumed = journal.resume(journal.cursorAt(fifth));
    expect(resumed.gap).toEqual(gap);
    expect(await journal.read(fifth, 100)).toEqual({
      records: kept,
      gap,
      position: journal.newest,
    });
    expect(await journal.read(resumed.position, 100)).toMatchObject({
      records: kept,
      gap: undefined,
    });
  });

  it('says to the hour since when something is missing, of the last ten days of what is gone', async () => {
    await using held = await create(10);
    const { journal } = held;
    const hour = 3_600_000;
    const every = 6 * 60_000;
    const records = await appendAll(
      journal,
      Array.from({ length: 2_600 }, (_, i) => entry({ receivedAt: i * every })),
    );
    await held.retain();
    for (const index of [2_588, 2_500, 1_000, 200]) {
      const { gap } = journal.resume(cursorOf(journal, records[index]));
      const first = (index + 1) * every;
      expect(gap?.from).toBeLessThanOrEqual(first);
      expect(gap?.from).toBeGreaterThan(first - hour);
    }
    const { gap } = journal.resume(cursorOf(journal, records[100]));
    expect(gap).toMatchObject({ from: null, count: 2_489 });
  });

  it('says that nothing is missing after the last record that is gone', async () => {
    await using held = await create(10);
    const { journal } = held;
    const records = await appendAll(journal, entries(11));
    await held.retain();
    const { gap } = journal.resume(cursorOf(journal, records[0]));
    expect(gap).toBeUndefined();
  });

  it('says no number when what has gone was not events alone', async () => {
    await using held = await create(10);
    const { journal } = held;
    const records = await appendAll(journal, [...entries(3), gapEntry(), ...entries(20)]);
    await held.retain();
    const countAfter = (index: number) =>
      journal.resume(cursorOf(journal, records[index])).gap?.count;
    expect(countAfter(2)).toBeNull();
    expect(countAfter(3)).toBe(10);
  });
});
