import { describe, expect, it } from 'vitest';
import type { Journal } from '../../../src/journal/journal.ts';
import { FailoverRig, large, larges, NEVER_MS } from '../../support/failover.ts';
import {
  appendAll,
  cursorOf,
  entry,
  erasePerson,
  eventsIn,
  readAll,
} from '../../support/journals.ts';

const ID = 'person-7f3a';

const person = () => large({ identityId: ID });
const erase = (journal: Journal) => erasePerson(journal, ID);

/** How many events of the person can still be read. */
const left = async ({ journal }: FailoverRig) =>
  eventsIn((await readAll(journal)).records).filter(({ identityId }) => identityId === ID).length;

describe('erasing while the file can’t be written', () => {
  it('takes the person from the file and from memory, for good', async () => {
    await using rig = await FailoverRig.with();
    await appendAll(rig.journal, [person(), entry()]);
    await rig.fill();
    await appendAll(rig.journal, [...larges(5), person(), person()]);
    expect(await left(rig)).toBe(3);
    expect(await erase(rig.journal)).toBe(3);
    expect(await left(rig)).toBe(0);
    await rig.makeRoom();
    await rig.restart();
    expect(await left(rig)).toBe(0);
    expect(await rig.journal.count({})).toBe(6);
  });

  it('takes a person too who waits for the file, and comes into memory since it fails', async () => {
    await using rig = await FailoverRig.with({ retryMs: NEVER_MS });
    await rig.fill();
    const appending = rig.journal.append(person());
    expect(await erase(rig.journal)).toBe(1);
    await appending;
    expect(await left(rig)).toBe(0);
    await rig.unfill();
    await rig.restart();
    expect(await left(rig)).toBe(0);
  });

  it('brings back all that is behind the many who were erased', async () => {
    await using rig = await FailoverRig.with({ retryMs: NEVER_MS });
    await rig.fill();
    await rig.journal.append(large());
    await appendAll(
      rig.journal,
      Array.from({ length: 1_200 }, () => entry({ identityId: ID })),
    );
    const last = await rig.journal.append(entry());
    await erase(rig.journal);
    await rig.unfill();
    await rig.restart();
    expect(rig.told.said.at(-1)).toEqual({ restored: 2, lost: 0 });
    const { records, gaps } = await readAll(rig.journal);
    expect(records).toHaveLength(2);
    expect(records.at(-1)).toEqual(last);
    expect(gaps).toEqual([]);
  });

  it.each([
    ['the newest is a person who was erased', 1],
    ['all of them were erased', 0],
  ])('gives no position of memory out twice when %s', async (_, others) => {
    await using rig = await FailoverRig.with({ retryMs: NEVER_MS });
    await rig.journal.append(entry());
    await rig.fill();
    const given = await appendAll(rig.journal, [...larges(others), person(), person()]);
    const cursors = given.map((record) => cursorOf(rig.journal, record));
    await erase(rig.journal);
    const { newest } = rig.journal;
    await rig.unfill();
    for (const restarts of [1, 2]) {
      await rig.restart();
      expect(rig.journal.newest, `after ${restarts}`).toBe(newest);
    }
    for (const [index, cursor] of cursors.entries()) {
      const position = given[index]?.position;
      expect(rig.journal.resume(cursor)).toEqual({ position, gap: undefined });
    }
    expect((await rig.journal.append(entry())).position).toBe(newest + 1);
  });

  it('says what memory had let go of though nothing else is left of it', async () => {
    await using rig = await FailoverRig.with({ retryMs: NEVER_MS, memory: { maxRecords: 3 } });
    await rig.fill();
    await appendAll(rig.journal, [large(), large(), person(), person(), person()]);
    await erase(rig.journal);
    await rig.unfill();
    await rig.restart();
    expect(rig.told.said.at(-1)).toEqual({ restored: 0, lost: 2 });
    expect((await readAll(rig.journal)).records).toMatchObject([
      { kind: 'gap', gap: { reason: 'JOURNAL_UNAVAILABLE', count: 2 } },
    ]);
  });

  it('takes the person from memory, and says that it could not look into the file', async () => {
    await using rig = await FailoverRig.locked();
    await appendAll(rig.journal, [person(), entry()]);
    await expect(erase(rig.journal)).rejects.toMatchObject({ code: 'READ_ONLY' });
    expect(await rig.journal.count({})).toBe(1);
  });

  it('brings nobody back who was in memory when the file came back', async () => {
    await using rig = await FailoverRig.with();
    for (let round = 0; round < 3; round += 1) {
      await rig.fill();
      await appendAll(rig.journal, [...larges(200), person()]);
      const back = rig.makeRoom();
      await erase(rig.journal).catch(() => {});
      await back;
      await erase(rig.journal);
      expect(await left(rig)).toBe(0);
    }
  });
});
