import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../src/journal/journal.ts';
import { everyJournal } from '../support/journal-implementations.ts';
import { appendAll, entries, entry, gapEntry, positionsOf } from '../support/journals.ts';
import { boxId, recognition } from '../support/recognitions.ts';

describe.concurrent.each(everyJournal)('the %s', (_, { create }) => {
  it('gives each record the next position, and hands it back as it was', async () => {
    await using held = await create(100);
    const { journal } = held;
    const before = journal.newest;
    const given = [entry(), gapEntry(), entry()];
    const records = await appendAll(journal, given);
    expect(positionsOf(records)).toEqual([1, 2, 3].map((next) => before + next));
    expect(journal.newest).toBe(records.at(-1)?.position);
    expect(records).toMatchObject(given);
    expect((await journal.read(before, 10)).records).toEqual(records);
  });

  it('tells listeners of each record in order, before append resolves, when it can be read', async () => {
    await using held = await create(100);
    const { journal } = held;
    const told: unknown[] = [];
    using _listener = journal.onAppend(({ position }) => {
      told.push({ position, newest: journal.newest });
    });
    for (const each of entries(3)) {
      const { position } = await journal.append(each);
      expect(told.at(-1)).toEqual({ position, newest: position });
    }
    expect(told).toHaveLength(3);
  });

  it('tells a listener nothing once its listening is disposed of', async () => {
    await using held = await create(100);
    const { journal } = held;
    const told: JournalRecord[] = [];
    const listener = journal.onAppend((record) => told.push(record));
    await journal.append(entry());
    listener[Symbol.dispose]();
    await journal.append(entry());
    expect(told).toHaveLength(1);
  });

  it('reads on page by page, in order, until it is level', async () => {
    await using held = await create(100);
    const { journal } = held;
    const start = journal.newest;
    const appended = await appendAll(journal, entries(25));
    const read: JournalRecord[] = [];
    let at = start;
    for (;;) {
      const page = await journal.read(at, 10);
      expect(page.records.length).toBeLessThanOrEqual(10);
      expect(page.gap).toBeUndefined();
      if (page.records.length === 0) break;
      read.push(...page.records);
      at = page.position;
    }
    expect(read).toEqual(appended);
    expect(at).toBe(journal.newest);
  });

  it('knows how far each box was listened to: what was noted last, by the end of a gap too', async () => {
    await using held = await create(100);
    const { journal } = held;
    const [lobby, yard] = [boxId('hq-lobby'), boxId('hq-yard')];
    const unreachable = { boxId: lobby, to: 1_000 };
    expect(journal.settled.get(lobby)).toBeUndefined();
    journal.settle(lobby, { at: 500 });
    journal.settle(yard, { at: 700 });
    await journal.append(gapEntry(unreachable));
    expect([lobby, yard].map((id) => journal.settled.get(id))).toEqual([
      { at: 1_000 },
      { at: 700 },
    ]);
    journal.settle(lobby, { at: 600 });
    await journal.append(gapEntry({ ...unreachable, reason: 'RETENTION' }));
    await journal.append(gapEntry({ ...unreachable, boxId: null }));
    expect(journal.settled.get(lobby)).toEqual({ at: 600 });
  });

  it('takes an event once, and answers with the record that is there', async () => {
    await using held = await create(100);
    const { journal } = held;
    const told: JournalRecord[] = [];
    using _listener = journal.onAppend((record) => told.push(record));
    const event = recognition({ identityName: 'as it was' });
    const again = entry({ ...event, identityName: 'as it is told again' });
    // At once, and after it is there.
    const [first, second] = await appendAll(journal, [entry(event), again]);
    const third = await journal.append(again);
    expect(first).toMatchObject({ kind: 'event', event });
    expect(first).not.toHaveProperty('isDuplicate');
    expect([second, third]).toEqual(
      [first, first].map((record) => ({ ...record, isDuplicate: true })),
    );
    expect(told).toEqual([first]);
    expect(await journal.count({})).toBe(1);
  });

  it('takes no more once it is disposed of', async () => {
    const held = await create(10);
    const { journal } = held;
    await held[Symbol.asyncDispose]();
    await expect(journal.append(entry())).rejects.toThrow(
      expect.objectContaining({ code: 'SHUTTING_DOWN' }),
    );
  });
});
