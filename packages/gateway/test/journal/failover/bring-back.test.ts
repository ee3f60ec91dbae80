import { describe, expect, it } from 'vitest';
import { FailoverJournal } from '../../../src/journal/failover/failover-journal.ts';
import type { JournalRecord } from '../../../src/journal/journal.ts';
import type { SqliteJournal } from '../../../src/journal/sqlite/sqlite-journal.ts';
import { FailoverRig, larges, NEVER_MS, ToldJournal } from '../../support/failover.ts';
import {
  appendAll,
  cursorOf,
  entries,
  entry,
  journalFile,
  openAt,
  positionsOf,
  readAll,
} from '../../support/journals.ts';
import { boxId } from '../../support/recognitions.ts';

describe('what came into memory while the file failed', () => {
  it('is written down once there is room, and its cursors are known for good', async () => {
    await using rig = await FailoverRig.with();
    const { told, heard } = rig;
    await appendAll(rig.journal, entries(3));
    await rig.fill();
    const meanwhile = await appendAll(rig.journal, larges(20));
    const cursor = cursorOf(rig.journal, meanwhile[9]);
    await rig.makeRoom();
    expect(told.said).toEqual(['FULL', { restored: 20, lost: 0 }]);
    await appendAll(rig.journal, entries(3));
    const expected = { records: [...heard], gaps: [] };
    expect(heard).toHaveLength(26);
    expect(await readAll(rig.journal)).toEqual(expected);
    for (const restart of [async () => {}, () => rig.restart()]) {
      await restart();
      expect(await readAll(rig.journal)).toEqual(expected);
      const { position, gap } = rig.journal.resume(cursor);
      expect(gap).toBeUndefined();
      expect((await readAll(rig.journal, position)).records).toEqual(expected.records.slice(13));
    }
  });

  it('is written down when the journal is closed, if there is room by then', async () => {
    await using rig = await FailoverRig.with({ retryMs: NEVER_MS });
    const before = await appendAll(rig.journal, entries(3));
    await rig.fill();
    const meanwhile = await appendAll(rig.journal, larges(20));
    await rig.unfill();
    await rig.restart();
    expect(await readAll(rig.journal)).toEqual({ records: [...before, ...meanwhile], gaps: [] });
  });

  it('is all there with what comes while it is written down', async () => {
    await using rig = await FailoverRig.with();
    const { journal, told, heard } = rig;
    for (let round = 0; round < 3; round += 1) {
      await rig.fill();
      await appendAll(journal, larges(300));
      const back = rig.makeRoom();
      const appends: Promise<unknown>[] = [];
      while (told.said.length < 2 * (round + 1)) {
        appends.push(journal.append(entry()));
        // Somebody who asks for the past, too, and so a pause.
        await journal.count({});
      }
      await Promise.all([back, ...appends]);
    }
    expect(new Set(positionsOf(heard)).size).toBe(heard.length);
    expect(await readAll(journal)).toEqual({ records: heard, gaps: [] });
    await rig.restart();
    expect((await readAll(rig.journal)).records).toEqual(heard);
  });

  it('leaves a gap for good of what memory had no room for', async () => {
    await using rig = await FailoverRig.with({ memory: { maxRecords: 10 } });
    const { told, heard } = rig;
    const [, second] = await appendAll(rig.journal, entries(2));
    await rig.fill();
    await appendAll(rig.journal, larges(25));
    const slow = await readAll(rig.journal, second?.position);
    expect(slow.records).toEqual(heard.slice(-10));
    expect(slow.gaps).toMatchObject([{ reason: 'JOURNAL_UNAVAILABLE', count: 15 }]);

    await rig.makeRoom();
    expect(told.said).toEqual(['FULL', { restored: 10, lost: 15 }]);
    await rig.restart();
    const { records, gaps } = await readAll(rig.journal);
    expect(gaps).toEqual([]);
    expect(records).toMatchObject([
      ...heard.slice(0, 2),
      { kind: 'gap', gap: { reason: 'JOURNAL_UNAVAILABLE', boxId: null, count: 15 } },
      ...heard.slice(-10),
    ]);
  });

  it('leaves a gap for what no box was asked for, since the file says how far they were listened to', async () => {
    const [lobby, yard] = [boxId('hq-lobby'), boxId('hq-yard')];
    await using rig = await FailoverRig.locked(async (journal) => {
      await journal.append(entry());
      journal.settle(lobby, { at: 700 });
      journal.settle(yard, { at: 500 });
    });
    const since = Date.now();
    rig.journal.settle(lobby, { at: since });
    await rig.unlock();
    await rig.restart();
    const { records } = await readAll(rig.journal);
    expect(records).toMatchObject([
      { kind: 'event' },
      { kind: 'gap', gap: { reason: 'JOURNAL_UNAVAILABLE', from: 500, boxId: null } },
    ]);
    expect(rig.journal.settled.get(lobby)).toEqual({ at: since });
    expect(rig.journal.settled.get(yard)).toEqual({ at: 500 });
  });

  it('is a gap to its cursors when it is lost, and what was in the file is not told again', async () => {
    await using rig = await FailoverRig.with({ retryMs: NEVER_MS });
    const before = await appendAll(rig.journal, entries(3));
    await rig.fill();
    const meanwhile = await appendAll(rig.journal, larges(20));
    const cursor = cursorOf(rig.journal, meanwhile.at(-1));
    // It finds no room when it is closed, either: what is in memory goes with it.
    await rig.restart();
    expect(rig.journal.resume(cursor)).toMatchObject({
      position: before.at(-1)?.position,
      gap: { reason: 'JOURNAL_UNAVAILABLE' },
    });
    const later = await appendAll(rig.journal, larges(30));
    const { position } = rig.journal.resume(cursor);
    expect((await readAll(rig.journal, position)).records).toEqual(later);
  });
});

describe('events that come while memory is brought back', () => {
  /** A journal whose file is full, that appends `count` events more during each restore. */
  async function inFullFile(path: string, count: number, during: (file: SqliteJournal) => void) {
    const told = new ToldJournal();
    const file = await openAt(path);
    const appends: Promise<unknown>[] = [];
    const restore = file.restore.bind(file);
    file.restore = async (...args) => {
      during(file);
      const restored = restore(...args);
      await Promise.resolve();
      for (let each = 0; each < count; each += 1) appends.push(journal.append(entry()));
      await restored;
    };
    const journal = await FailoverJournal.open({
      open: async () => file,
      observer: told,
      retryMs: 5,
    });
    const heard: JournalRecord[] = [];
    journal.onAppend((record) => heard.push(record));
    await file.limitPages(1);
    await appendAll(journal, larges(20));
    return { journal, file, told, heard, appends };
  }

  it('go to the file behind it, however many they are', async () => {
    await using directory = await journalFile();
    const { journal, file, told, heard, appends } = await inFullFile(directory.path, 10, () => {});
    const { recovery } = told;
    await file.limitPages(1_000_000);
    await recovery;
    await Promise.all(appends);
    expect(heard).toHaveLength(20 + appends.length);
    expect(await readAll(journal)).toEqual({ records: heard, gaps: [] });
    await journal[Symbol.asyncDispose]();
    await using next = await openAt(directory.path);
    expect((await readAll(next)).records).toEqual(heard);
  });

  it('go to memory in their order when the file fails again', async () => {
    await using directory = await journalFile();
    let failures = 3;
    const { journal, file, told, heard, appends } = await inFullFile(directory.path, 10, (full) => {
      failures -= 1;
      void full.limitPages(failures > 0 ? 1 : 1_000_000);
    });
    const { recovery } = told;
    await file.limitPages(1_000_000);
    await recovery;
    await Promise.all(appends);
    expect(appends.length).toBeGreaterThanOrEqual(30);
    const positions = positionsOf(heard);
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect(heard).toHaveLength(20 + appends.length);
    expect(await readAll(journal)).toEqual({ records: heard, gaps: [] });
    await journal[Symbol.asyncDispose]();
    await using next = await openAt(directory.path);
    expect((await readAll(next)).records).toEqual(heard);
  });
});
