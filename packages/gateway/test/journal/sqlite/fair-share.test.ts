import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  Journal,
  JournalEntry,
  JournalRecord,
  Position,
} from '../../../src/journal/journal.ts';
import type { Recognition } from '../../../src/journal/recognition.ts';
import { GAP_BYTES } from '../../../src/journal/sqlite/schema.ts';
import { openSqliteJournal } from '../../../src/journal/sqlite/sqlite-journal.ts';
import {
  appendAll,
  entry,
  erasePerson,
  eventsIn,
  gapEntry,
  gapsIn,
  holdSqliteJournal,
  journalFile,
  keysOf,
  openAt,
  readAll,
  UNLIMITED,
} from '../../support/journals.ts';
import { TestClock } from '../../support/test-clock.ts';

const NOW = Date.now();
const MIB = 2 ** 20;

const from = (boxId: string, bytes = 1_000, given: Partial<Recognition> = {}): JournalEntry =>
  entry({ boxId: boxId as Recognition['boxId'], extra: { text: 'x'.repeat(bytes) }, ...given });

const many = (count: number, boxId: string, bytes?: number): JournalEntry[] =>
  Array.from({ length: count }, () => from(boxId, bytes));

const countOf = (journal: Journal, boxId: string) => journal.count({ boxIds: [boxId] });

/** Until nothing more is beyond the limits. */
async function shrinkTo(
  journal: Awaited<ReturnType<typeof openAt>>,
  maxBytes: number,
): Promise<void> {
  for (let rounds = 0; rounds < 5; rounds += 1) await journal.retain({ maxBytes });
}

describe('a journal that is full', () => {
  it('keeps all records of a quiet box while another floods it', async () => {
    await using held = await holdSqliteJournal();
    const { journal } = held;
    const quiet = await appendAll(journal, many(300, 'quiet'));
    await appendAll(journal, many(6_000, 'flood'));
    await shrinkTo(journal, 3 * MIB);
    expect(await countOf(journal, 'quiet')).toBe(300);
    expect(await countOf(journal, 'flood')).toBeLessThan(3_000);
    expect(await countOf(journal, 'flood')).toBeGreaterThan(500);
    expect(eventsIn((await readAll(journal)).records).slice(0, 300)).toEqual(eventsIn(quiet));
  });

  it('tells a reader from before of a gap of the box that lost records, and one from behind of none', async () => {
    await using held = await holdSqliteJournal();
    const { journal } = held;
    const records = await appendAll(journal, [
      ...many(20, 'quiet'),
      ...Array.from({ length: 3_000 }, (_, index) =>
        from('flood', 1_000, { receivedAt: NOW - 10_000 + index }),
      ),
    ]);
    await shrinkTo(journal, 2 * MIB);
    const { records: left, gaps } = await readAll(journal);
    expect(gaps).toEqual([]);
    const told = left.filter((record) => record.kind === 'gap');
    const gone = 3_020 - left.length + told.length;
    expect(gone).toBeGreaterThan(500);
    expect(told.map(({ gap }) => gap)).toEqual([
      {
        reason: 'RETENTION',
        from: NOW - 10_000,
        to: NOW - 10_000 + gone - 1,
        boxId: 'flood',
        count: null,
      },
    ]);
    expect(told[0]?.position).toBe(records[20 + gone - 1]?.position);
    const behind = await readAll(journal, told[0]?.position);
    expect(gapsIn(behind.records)).toEqual([]);
    expect(behind.records).toEqual(records.slice(20 + gone));
  });

  it('gives a box with a larger share more of the room', async () => {
    await using file = await journalFile();
    const limits = { keepMs: 1e15, maxBytes: 1e15, shares: new Map([['large', 3]]) };
    await using journal = await openSqliteJournal({
      path: file.path,
      keys: keysOf(file.path),
      sync: 'normal',
      limits,
    });
    for (let round = 0; round < 10; round += 1) {
      await appendAll(journal, [...many(200, 'large'), ...many(200, 'small')]);
    }
    await shrinkTo(journal, 2 * MIB);
    const [large, small] = [await countOf(journal, 'large'), await countOf(journal, 'small')];
    expect(large / small).toBeGreaterThan(2);
    expect(large / small).toBeLessThan(4);
  });

  it('counts the gaps of a box as its own', async () => {
    await using held = await holdSqliteJournal();
    const { journal } = held;
    await appendAll(journal, many(300, 'quiet', 100));
    for (let round = 0; round < 20; round += 1) {
      const gap = gapEntry({ boxId: 'flaps' as Recognition['boxId'], reason: 'BOX_UNREACHABLE' });
      await appendAll(
        journal,
        Array.from({ length: 500 }, () => gap),
      );
    }
    await shrinkTo(journal, 500_000);
    expect(await countOf(journal, 'quiet')).toBe(300);
    const { records } = await readAll(journal);
    expect(gapsIn(records).length).toBeLessThan(8_000);
    expect(gapsIn(records).some(({ reason }) => reason === 'RETENTION')).toBe(true);
  });

  it('goes on where it stopped after it was opened again', async () => {
    await using file = await journalFile();
    let journal = await openAt(file.path);
    await appendAll(journal, [...many(100, 'quiet'), ...many(2_000, 'flood')]);
    await shrinkTo(journal, 2 * MIB);
    await journal[Symbol.asyncDispose]();
    journal = await openAt(file.path);
    await appendAll(journal, many(2_000, 'flood'));
    await shrinkTo(journal, 2 * MIB);
    expect(await countOf(journal, 'quiet')).toBe(100);
    expect(gapsIn((await readAll(journal)).records)).toHaveLength(1);
    await journal[Symbol.asyncDispose]();
  });
});

describe('the sources of events', () => {
  const sourcesIn = (path: string) => {
    using database = new DatabaseSync(path, { readOnly: true });
    return database.prepare('SELECT device_id, events FROM source ORDER BY id').all();
  };

  it('go when retention has taken their last event', async () => {
    await using file = await journalFile();
    await using journal = await openAt(file.path);
    for (let round = 0; round < 3; round += 1) {
      const invented = Array.from({ length: 500 }, (_, index) =>
        entry({ deviceId: `invented-${round}-${index}` as Recognition['deviceId'] }),
      );
      await appendAll(journal, invented);
      await journal.retain({ maxRecords: 100 });
    }
    expect(sourcesIn(file.path)).toHaveLength(100);
    const again = entry({ deviceId: 'invented-0-0' as Recognition['deviceId'] });
    await appendAll(journal, [again]);
    expect(await journal.count({ deviceIds: ['invented-0-0'] })).toBe(1);
  });

  it('never get the id of one that is gone', async () => {
    await using file = await journalFile();
    const idOf = (path: string) => {
      using database = new DatabaseSync(path, { readOnly: true });
      return database.prepare('SELECT max(id) AS id FROM source').get()?.['id'];
    };
    const ids: unknown[] = [];
    for (let round = 0; round < 3; round += 1) {
      await using journal = await openAt(file.path);
      const deviceId = `gate-${round}` as Recognition['deviceId'];
      await appendAll(journal, [entry({ deviceId, identityId: '1' })]);
      ids.push(idOf(file.path));
      await erasePerson(journal, '1');
      await journal.retain();
    }
    expect(ids).toEqual([1, 2, 3]);
  });

  it('go when the last event of theirs is erased', async () => {
    await using file = await journalFile();
    await using journal = await openAt(file.path);
    await appendAll(journal, [
      entry({ deviceId: 'gate' as Recognition['deviceId'], identityId: '1' }),
      entry({ deviceId: 'door' as Recognition['deviceId'], identityId: '2' }),
    ]);
    await erasePerson(journal, '1');
    await journal.retain();
    expect(sourcesIn(file.path)).toEqual([{ device_id: 'door', events: 1 }]);
  });
});

describe('any run of appends, drops and restarts', () => {
  const boxes = ['a', 'b', 'c'] as const;
  /** So that there is something to let go of. */
  const FILL = { kind: 'append', count: 120, bytes: 3_000 } as const;
  const action = fc.oneof(
    fc.record({
      kind: fc.constant('append' as const),
      boxId: fc.constantFrom(...boxes),
      count: fc.integer({ min: 1, max: 300 }),
      bytes: fc.constantFrom(10, 300, 3_000),
    }),
    fc.record({
      kind: fc.constant('shrink' as const),
      maxBytes: fc.integer({ min: 2e5, max: 8e5 }),
    }),
    fc.record({
      kind: fc.constant('age' as const),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    fc.record({ kind: fc.constant('reopen' as const) }),
  );

  it('leaves each event to be read, or in a gap of its box that holds its time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 8 }), async (actions) => {
        await using file = await journalFile();
        const clock = new TestClock();
        const open = () =>
          openSqliteJournal(
            { path: file.path, keys: keysOf(file.path), sync: 'normal', limits: UNLIMITED },
            { clock },
          );
        let journal = await open();
        const all: JournalRecord[] = [];
        const start = clock.now();
        const full = ['a', 'b'].map((boxId) => ({ ...FILL, boxId }));
        for (const step of [...full, ...actions, { kind: 'shrink' as const, maxBytes: 3e5 }]) {
          if (step.kind === 'append') {
            const entries = Array.from({ length: step.count }, (_, index) =>
              from(step.boxId, step.bytes, { receivedAt: start + (all.length + index) * 20_000 }),
            );
            clock.pass(step.count * 20_000);
            all.push(...(await appendAll(journal, entries)));
          } else if (step.kind === 'shrink') {
            await shrinkTo(journal, step.maxBytes);
          } else if (step.kind === 'age') {
            const time = start + Math.floor(all.length * step.part) * 20_000;
            await journal.retain({ keepMs: journal.retentionClock.now() - time });
          } else {
            await journal[Symbol.asyncDispose]();
            journal = await open();
          }
        }
        for (const after of [0, Math.floor(all.length / 3), Math.floor((2 * all.length) / 3)]) {
          await expectNothingSilent(journal, all, after as Position);
        }
        expectSizesToBeTrue(file.path);
        await journal[Symbol.asyncDispose]();
      }),
      { numRuns: 6 },
    );
  });

  /** What the file says that each box holds is what its records are. */
  function expectSizesToBeTrue(path: string): void {
    using database = new DatabaseSync(path, { readOnly: true });
    const held = database
      .prepare(`
        SELECT box_id, sum(bytes) AS bytes FROM (
          SELECT box_id, event.bytes FROM event JOIN source ON source.id = event.source
          UNION ALL
          SELECT box_id, ${GAP_BYTES} FROM gap WHERE box_id IS NOT NULL
        ) GROUP BY box_id ORDER BY box_id`)
      .all();
    const noted = database
      .prepare('SELECT box_id, bytes FROM box_size WHERE bytes <> 0 ORDER BY box_id')
      .all();
    expect(noted).toEqual(held);
  }

  async function expectNothingSilent(
    journal: Journal,
    all: readonly JournalRecord[],
    after: Position,
  ): Promise<void> {
    const { position, gap } = journal.resume(journal.cursorAt(after));
    const { records } = await readAll(journal, position);
    const gaps = [...(gap ? [gap] : []), ...gapsIn(records)];
    const there = new Set(eventsIn(records).map(({ id }) => id));
    const expected = eventsIn(all.filter((record) => record.position > after));
    const silent = expected.filter(
      ({ id, boxId, receivedAt }) =>
        !there.has(id) &&
        !gaps.some(
          (told) =>
            (told.boxId === null || told.boxId === boxId) &&
            (told.from ?? 0) <= receivedAt &&
            receivedAt <= (told.to ?? Infinity),
        ),
    );
    expect(silent).toEqual([]);
    const positions = records.map((record) => record.position);
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect(there.size).toBe(eventsIn(records).length);
  }
});
