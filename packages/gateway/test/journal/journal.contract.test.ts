import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FailoverJournal } from '../../src/journal/failover-journal.ts';
import type { EventFilter } from '../../src/journal/filter.ts';
import type { Gap, GapReason } from '../../src/journal/gap.ts';
import type {
  Cursor,
  EventRecord,
  Journal,
  JournalEntry,
  JournalRecord,
  Position,
} from '../../src/journal/journal.ts';
import { JournalError } from '../../src/journal/journal-error.ts';
import { createMemoryJournal } from '../../src/journal/memory-journal.ts';
import type { Recognition } from '../../src/journal/recognition.ts';
import { anyFilter, anyRecognition, matchesModel } from '../support/arbitraries.ts';
import {
  type HeldJournal,
  holdSqliteJournal,
  UNOBSERVED as observer,
} from '../support/journals.ts';
import { boxId, recognition } from '../support/recognitions.ts';

interface Implementation {
  /** A new one, that keeps so many records once `retain` has settled. */
  readonly create: (maxRecords: number) => Promise<HeldJournal>;
  /** Why what it has let go of can't be had. Default: RETENTION. */
  readonly reason?: GapReason;
  /** How often the properties are tried. Default: as often as fast-check does. */
  readonly numRuns?: number;
}

const hold = (journal: Journal): HeldJournal => ({
  journal,
  retain: async () => {},
  [Symbol.asyncDispose]: () => journal[Symbol.asyncDispose](),
});

/** What every journal is held to. */
const implementations: readonly [name: string, Implementation][] = [
  ['memory journal', { create: async (maxRecords) => hold(createMemoryJournal({ maxRecords })) }],
  ['SQLite journal', { create: holdSqliteJournal, numRuns: 3 }],
  [
    'failover journal that has its file',
    {
      create: async (maxRecords) => {
        const held = await holdSqliteJournal(maxRecords);
        const journal = await FailoverJournal.open({ open: async () => held.journal, observer });
        return {
          journal,
          retain: held.retain,
          async [Symbol.asyncDispose]() {
            await journal[Symbol.asyncDispose]();
            await held[Symbol.asyncDispose]();
          },
        };
      },
      numRuns: 3,
    },
  ],
  [
    'failover journal that has no file',
    {
      create: async (maxRecords) => {
        const refuse = () => Promise.reject(new JournalError('READ_ONLY', 'may not be written'));
        return hold(await FailoverJournal.open({ open: refuse, observer, memory: { maxRecords } }));
      },
      reason: 'JOURNAL_UNAVAILABLE',
    },
  ],
];

const eventEntry = (event: Recognition = recognition()): JournalEntry => ({ kind: 'event', event });

const outage: Gap = {
  reason: 'BOX_UNREACHABLE',
  from: 1_000,
  to: 2_000,
  boxId: boxId('hq-lobby'),
  count: null,
};
const gapEntry: JournalEntry = { kind: 'gap', gap: outage };

const anyEntry = fc.oneof(
  { arbitrary: anyRecognition.map(eventEntry), weight: 5 },
  { arbitrary: fc.constant(gapEntry), weight: 1 },
);
const anyEnd = fc.constantFrom('first', 'last');

async function appendAll(
  journal: Journal,
  entries: readonly JournalEntry[],
): Promise<JournalRecord[]> {
  return Promise.all(entries.map((entry) => journal.append(entry)));
}

const eventsOf = (records: readonly JournalRecord[]): EventRecord[] =>
  records.filter((record) => record.kind === 'event');

const matching = (records: readonly JournalRecord[], filter: EventFilter): EventRecord[] =>
  eventsOf(records).filter(({ event }) => matchesModel(filter, event));

const times = (count: number): JournalEntry[] => Array.from({ length: count }, () => eventEntry());

describe.concurrent.each(implementations)(
  'the %s',
  (_, { create, reason = 'RETENTION', numRuns = 100 }) => {
    it('gives each record the next position, and hands it back as it was', async () => {
      await using held = await create(100);
      const { journal } = held;
      const before = journal.newest;
      const entries = [eventEntry(), gapEntry, eventEntry()];
      const records = await appendAll(journal, entries);
      const positions = records.map(({ position }) => position);
      expect(positions).toEqual(positions.toSorted((a, b) => a - b));
      expect(positions[0]).toBeGreaterThan(before);
      expect(journal.newest).toBe(positions.at(-1));
      expect(records).toMatchObject(entries);
      expect((await journal.read(before, 10)).records).toEqual(records);
    });

    it('tells listeners of each record in order, before append resolves, when it can be read', async () => {
      await using held = await create(100);
      const { journal } = held;
      const told: Position[] = [];
      using _listener = journal.onAppend(({ position }) => {
        expect(journal.newest).toBe(position);
        told.push(position);
      });
      for (const entry of times(3)) {
        const record = await journal.append(entry);
        expect(told.at(-1)).toBe(record.position);
      }
      expect(told).toHaveLength(3);
    });

    it('tells a listener nothing once that is disposed of', async () => {
      await using held = await create(100);
      const { journal } = held;
      const told: JournalRecord[] = [];
      const listener = journal.onAppend((record) => told.push(record));
      await journal.append(eventEntry());
      listener[Symbol.dispose]();
      await journal.append(eventEntry());
      expect(told).toHaveLength(1);
    });

    it('reads on page by page, in order, until it is level', async () => {
      await using held = await create(100);
      const { journal } = held;
      const start = journal.newest;
      const appended = await appendAll(journal, times(25));
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

    it('resumes right after the record of a cursor', async () => {
      await using held = await create(100);
      const { journal } = held;
      const [first, second, third] = await appendAll(journal, times(3));
      const resumed = journal.resume(journal.cursorAt(first?.position as Position));
      expect(resumed).toEqual({ position: first?.position, gap: undefined });
      expect((await journal.read(resumed.position, 10)).records).toEqual([second, third]);
    });

    it('resumes after a cursor of the time before the first record', async () => {
      await using held = await create(100);
      const { journal } = held;
      const cursor = journal.cursorAt(journal.newest);
      const records = await appendAll(journal, times(2));
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
      await appendAll(earlier, times(1));
      const records = await appendAll(journal, times(2));
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

    it('takes a cursor beyond its newest record for one of another life', async () => {
      await using held = await create(100);
      const { journal } = held;
      const [only] = await appendAll(journal, times(1));
      const ahead = journal.cursorAt((journal.newest + 1) as Position);
      const { position, gap } = journal.resume(ahead);
      expect(gap?.reason).toBe('UNKNOWN_CURSOR');
      expect((await journal.read(position, 10)).records).toEqual([only]);
    });

    it('says what retention has taken, with the number of events', async () => {
      await using held = await create(10);
      const { journal } = held;
      const entries = Array.from({ length: 25 }, (_, i) =>
        eventEntry(recognition({ receivedAt: i })),
      );
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
        Array.from({ length: 2_600 }, (_, i) => eventEntry(recognition({ receivedAt: i * every }))),
      );
      await held.retain();
      for (const index of [2_588, 2_500, 1_000, 200]) {
        const { gap } = journal.resume(journal.cursorAt(records[index]?.position as Position));
        const first = (index + 1) * every;
        expect(gap?.from).toBeLessThanOrEqual(first);
        expect(gap?.from).toBeGreaterThan(first - hour);
      }
      const { gap } = journal.resume(journal.cursorAt(records[100]?.position as Position));
      expect(gap).toMatchObject({ from: null, count: 2_489 });
    });

    it('knows how far each box was listened to: what was noted last, by the end of a gap too', async () => {
      await using held = await create(100);
      const { journal } = held;
      const [lobby, yard] = [boxId('hq-lobby'), boxId('hq-yard')];
      expect(journal.settled.get(lobby)).toBeUndefined();
      journal.settle(lobby, 500);
      journal.settle(yard, 700);
      await journal.append(gapEntry);
      expect([lobby, yard].map((id) => journal.settled.get(id))).toEqual([outage.to, 700]);
      journal.settle(lobby, 1_500);
      await journal.append({ kind: 'gap', gap: { ...outage, reason: 'RETENTION' } });
      await journal.append({ kind: 'gap', gap: { ...outage, boxId: null } });
      expect(journal.settled.get(lobby)).toBe(1_500);
    });

    it('says that nothing is missing after the last record that is gone', async () => {
      await using held = await create(10);
      const { journal } = held;
      const records = await appendAll(journal, times(11));
      await held.retain();
      const { gap } = journal.resume(journal.cursorAt(records[0]?.position as Position));
      expect(gap).toBeUndefined();
    });

    it('says no number when what has gone was not events alone', async () => {
      await using held = await create(10);
      const { journal } = held;
      const records = await appendAll(journal, [...times(3), gapEntry, ...times(20)]);
      await held.retain();
      const countAfter = (index: number) =>
        journal.resume(journal.cursorAt(records[index]?.position as Position)).gap?.count;
      expect(countAfter(2)).toBeNull();
      expect(countAfter(3)).toBe(10);
    });

    it('pages through its history from either end, and misses or repeats nothing as events come in', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(anyEntry, { maxLength: 30 }),
          fc.array(anyEntry, { maxLength: 6 }),
          anyFilter,
          anyEnd,
          fc.integer({ min: 1, max: 7 }),
          async (entries, latecomers, filter, from, count) => {
            await using held = await create(100);
            const { journal } = held;
            const before = await appendAll(journal, entries);
            const meanwhile: JournalRecord[] = [];
            const late = [...latecomers];
            const seen: EventRecord[] = [];
            for (let bound: Cursor | undefined, isMore = true; isMore; ) {
              const range = bound && (from === 'first' ? { after: bound } : { before: bound });
              const page = await journal.history({ filter, take: { from, count }, ...range });
              expect(page.records.length).toBeLessThanOrEqual(count);
              if (from === 'first') seen.push(...page.records);
              else seen.unshift(...page.records);
              isMore = from === 'first' ? page.hasNextPage : page.hasPreviousPage;
              if (!isMore) break;
              const edge = page.records.at(from === 'first' ? -1 : 0);
              bound = journal.cursorAt(edge?.position as Position);
              const entry = late.shift();
              if (entry) meanwhile.push(await journal.append(entry));
            }
            const all = from === 'first' ? [...before, ...meanwhile] : before;
            expect(seen).toEqual(matching(all, filter));
          },
        ),
        { numRuns },
      );
    });

    it('tells of both ends of a page what Relay asks for', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(anyEntry, { minLength: 1, maxLength: 30 }),
          anyFilter,
          anyEnd,
          fc.nat({ max: 8 }),
          fc.option(fc.nat()),
          fc.option(fc.nat()),
          async (entries, filter, from, count, afterIndex, beforeIndex) => {
            await using held = await create(20);
            const { journal } = held;
            const records = (await appendAll(journal, entries)).slice(-20);
            await held.retain();
            const at = (index: number | null) =>
              index === null ? undefined : records[index % records.length]?.position;
            const [after, before] = [at(afterIndex), at(beforeIndex)];
            const all = matching(records, filter);
            const inRange = all.filter(
              ({ position }) =>
                (after === undefined || position > after) &&
                (before === undefined || position < before),
            );
            const isBefore = all.some(({ position }) => after !== undefined && position <= after);
            const isAfter = all.some(({ position }) => before !== undefined && position >= before);
            const isMore = inRange.length > count;
            const taken = {
              first: {
                records: inRange.slice(0, count),
                hasPreviousPage: isBefore,
                hasNextPage: isMore,
              },
              last: {
                records: count === 0 ? [] : inRange.slice(-count),
                hasPreviousPage: isMore,
                hasNextPage: isAfter,
              },
            };
            const page = await journal.history({
              filter,
              take: { from, count },
              ...(after !== undefined && { after: journal.cursorAt(after) }),
              ...(before !== undefined && { before: journal.cursorAt(before) }),
            });
            expect(page).toEqual(taken[from]);
          },
        ),
        { numRuns },
      );
    });

    it('counts what its history holds', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(anyEntry, { maxLength: 30 }),
          anyFilter,
          async (entries, filter) => {
            await using held = await create(20);
            const { journal } = held;
            const records = await appendAll(journal, entries);
            await held.retain();
            expect(await journal.count(filter)).toBe(matching(records.slice(-20), filter).length);
          },
        ),
        { numRuns },
      );
    });

    it('holds everything to be after a cursor of another epoch, and nothing before it', async () => {
      await using former = await create(10);
      const { journal: earlier } = former;
      await using held = await create(10);
      const { journal } = held;
      const records = await appendAll(journal, times(12));
      await held.retain();
      const cursor = earlier.cursorAt(earlier.newest);
      const take = { from: 'first', count: 100 } as const;
      const after = await journal.history({ filter: {}, after: cursor, take });
      expect(after).toEqual({
        records: records.slice(2),
        hasPreviousPage: false,
        hasNextPage: false,
      });
      const before = await journal.history({ filter: {}, before: cursor, take });
      expect(before.records).toEqual([]);
    });

    it('takes an event once, and answers with the record that is there', async () => {
      await using held = await create(100);
      const { journal } = held;
      const told: JournalRecord[] = [];
      using _listener = journal.onAppend((record) => told.push(record));
      const event = recognition({ identityName: 'as it was' });
      const again = { ...event, identityName: 'as it is told again' };
      // At once, and after it is there.
      const [first, second] = await appendAll(journal, [event, again].map(eventEntry));
      const third = await journal.append(eventEntry(again));
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
      await expect(journal.append(eventEntry())).rejects.toThrow(
        expect.objectContaining({ code: 'SHUTTING_DOWN' }),
      );
    });
  },
);

describe('the memory journal', () => {
  it('refuses to keep less than one record', () => {
    expect(() => createMemoryJournal({ maxRecords: 0 })).toThrow(RangeError);
    expect(() => createMemoryJournal({ maxRecords: 2.5 })).toThrow(RangeError);
  });

  it('keeps no more text than its bound, but always the newest record', async () => {
    const large = () => eventEntry(recognition({ extra: { text: 'x'.repeat(1_000) } }));
    await using journal = createMemoryJournal({ maxCharacters: 5_000 });
    const before = journal.newest;
    const records = await appendAll(journal, Array.from({ length: 10 }, large));
    const page = await journal.read(before, 100);
    expect(page.records).toEqual(records.slice(-page.records.length));
    expect(JSON.stringify(page.records).length).toBeLessThan(6_000);
    expect(page.gap).toMatchObject({ reason: 'RETENTION', count: 10 - page.records.length });
    const huge = eventEntry(recognition({ extra: { text: 'x'.repeat(10_000) } }));
    const record = await journal.append(huge);
    expect((await journal.read(before, 100)).records).toEqual([record]);
  });
});
