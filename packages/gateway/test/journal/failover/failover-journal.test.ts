import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../../src/journal/journal.ts';
import { FailoverRig, large, larges } from '../../support/failover.ts';
import { appendAll, cursorOf, entries, positionsOf, readAll } from '../../support/journals.ts';
import { boxId } from '../../support/recognitions.ts';

describe('a journal whose disk is full', () => {
  it('goes on, in order, and tells each record once', async () => {
    await using rig = await FailoverRig.with();
    const { journal, told, heard } = rig;
    const before = await appendAll(journal, entries(3));
    await rig.fill();
    const meanwhile = await appendAll(journal, larges(20));
    const later = await journal.append(large());
    const all = [...before, ...meanwhile, later];
    expect(heard).toEqual(all);
    expect(told.said).toEqual(['FULL']);
    expect(await readAll(journal)).toEqual({ records: all, gaps: [] });
    expect(positionsOf(all)).toEqual(all.map((_, index) => index + 1));
    expect(journal.newest).toBe(later.position);
  });

  it('knows how far boxes were listened to meanwhile, and so does the file afterwards', async () => {
    await using rig = await FailoverRig.with();
    const [lobby, yard] = [boxId('hq-lobby'), boxId('hq-yard')];
    rig.journal.settle(lobby, { at: 100 });
    rig.journal.settle(yard, { at: 100 });
    await appendAll(rig.journal, entries(1));
    await rig.fill();
    await appendAll(rig.journal, larges(1));
    rig.journal.settle(lobby, { at: 200 });
    expect([...rig.journal.settled.values()]).toEqual([{ at: 200 }, { at: 100 }]);
    await rig.makeRoom();
    await rig.restart();
    expect([...rig.journal.settled.values()]).toEqual([{ at: 200 }, { at: 100 }]);
  });

  it('tells who resumes from before of a gap, and gives what it has', async () => {
    await using rig = await FailoverRig.with();
    const { journal } = rig;
    const [first] = await appendAll(journal, entries(2));
    const cursor = cursorOf(journal, first);
    await rig.fill();
    const began = Date.now();
    const [third] = await appendAll(journal, larges(2));
    const { position, gap } = journal.resume(cursor);
    expect(gap).toMatchObject({ reason: 'JOURNAL_UNAVAILABLE', to: null, boxId: null });
    expect(gap?.from).toBeGreaterThanOrEqual(began);
    expect((await readAll(journal, position)).records).toHaveLength(3);
    const inside = journal.resume(cursorOf(journal, third));
    expect(inside).toEqual({ position: third?.position, gap: undefined });
  });

  it('shows and counts in its history what is in the file and what is in memory', async () => {
    await using rig = await FailoverRig.with();
    const { journal } = rig;
    await appendAll(journal, entries(5));
    await rig.fill();
    await appendAll(journal, larges(5));
    const { records: all } = await readAll(journal);
    expect(await journal.count({})).toBe(10);
    const newest = await journal.history({ filter: {}, take: { from: 'last', count: 7 } });
    expect(newest).toEqual({ records: all.slice(-7), hasPreviousPage: true, hasNextPage: false });
    const before = cursorOf(journal, newest.records[0]);
    const rest = await journal.history({ filter: {}, before, take: { from: 'last', count: 7 } });
    expect(rest).toEqual({ records: all.slice(0, 3), hasPreviousPage: false, hasNextPage: true });
    const after = cursorOf(journal, all[3]);
    const next = await journal.history({ filter: {}, after, take: { from: 'first', count: 3 } });
    expect(next).toEqual({ records: all.slice(4, 7), hasPreviousPage: true, hasNextPage: true });
  });
});

describe('a journal whose file can’t be opened', () => {
  it('lives in memory until it can be, and then has what is older and what is newer', async () => {
    let old: JournalRecord[] = [];
    await using rig = await FailoverRig.locked(async (journal) => {
      old = await appendAll(journal, entries(3));
    });
    const { journal } = rig;
    const records = await appendAll(journal, entries(3));
    expect((await readAll(journal, (records[0]?.position ?? 0) - 1)).records).toEqual(records);
    const cursor = cursorOf(journal, records[1]);
    await rig.unlock();
    expect(await readAll(journal)).toEqual({ records: [...old, ...records], gaps: [] });
    expect(await journal.count({})).toBe(6);
    // The file did not know with which key memory had made it.
    const known = { position: records[1]?.position, gap: undefined };
    expect(journal.resume(cursor)).toEqual(known);
    await rig.restart();
    expect(rig.journal.resume(cursor)).toEqual(known);
  });
});
