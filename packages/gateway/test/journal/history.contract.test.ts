import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson as canonical } from '../../src/canonical-json.ts';
import type { EventFilter } from '../../src/journal/filter.ts';
import type {
  Cursor,
  EventRecord,
  JournalEntry,
  JournalRecord,
} from '../../src/journal/journal.ts';
import type { EventId, Recognition } from '../../src/journal/recognition.ts';
import { type Tally, tallyEvents } from '../../src/journal/tally.ts';
import { anyFilter, anyRecognition, matchesModel } from '../support/arbitraries.ts';
import { everyJournal } from '../support/journal-implementations.ts';
import { appendAll, cursorOf, entries, entry, gapEntry } from '../support/journals.ts';

const anyEntry = fc.oneof(
  { arbitrary: anyRecognition.map((event): JournalEntry => ({ kind: 'event', event })), weight: 5 },
  { arbitrary: fc.constant(gapEntry()), weight: 1 },
);
const anyEnd = fc.constantFrom('first', 'last');

const matching = (records: readonly JournalRecord[], filter: EventFilter): EventRecord[] =>
  records
    .filter((record) => record.kind === 'event')
    .filter(({ event }) => matchesModel(filter, event));

describe.concurrent.each(everyJournal)('the %s', (_, { create, numRuns }) => {
  it('finds each event by its id, and none by another id', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyEntry, { maxLength: 30 }), async (entries) => {
        await using held = await create(100);
        const records = await appendAll(held.journal, entries);
        for (const record of records) {
          if (record.kind !== 'event') continue;
          expect(await held.journal.find(record.event.id)).toEqual(record);
        }
        expect(await held.journal.find('of nobody' as EventId)).toBeUndefined();
      }),
      { numRuns },
    );
  });

  it('counts events by quarter, device and type as one would one by one', async () => {
    const byTimes = (event: Recognition) => ({ ...event, occurredAt: event.occurredAt * 300_000 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyRecognition.map(byTimes), { maxLength: 30 }),
        anyFilter.map(({ from, to, ...filter }) => ({
          ...filter,
          ...(from !== undefined && { from: from * 300_000 - 7 }),
          ...(to !== undefined && { to: to * 300_000 + 7 }),
        })),
        fc.constantFrom('quarter', 'device', 'personType'),
        async (events, filter, by) => {
          await using held = await create(100);
          const { journal } = held;
          const records = await appendAll(
            journal,
            events.map((event) => ({ kind: 'event', event })),
          );
          const sorted = (tallies: readonly Tally[]) =>
            tallies.map((each) => canonical(each)).toSorted();
          expect(sorted(await journal.tally(filter, by))).toEqual(
            sorted(tallyEvents(by, matching(records, filter))),
          );
        },
      ),
      { numRuns },
    );
  });

  it('does not count what was erased', async () => {
    await using held = await create();
    await appendAll(held.journal, [entry({ identityId: '17' }), entry({ identityId: '18' })]);
    await held.journal.erase({ kind: 'identity', identityId: '18' }).catch(() => undefined);
    const tallies = await held.journal.tally({}, 'personType');
    expect(tallies.map(({ events }) => events)).toEqual([1]);
  });

  it('finds no event that was erased', async () => {
    await using held = await create();
    const [kept, erased] = [entry({ identityId: '17' }), entry({ identityId: '18' })];
    const records = await appendAll(held.journal, [kept, erased]);
    await held.journal.erase({ kind: 'identity', identityId: '18' }).catch(() => undefined);
    const found = records.map(async (record) =>
      record.kind === 'event' ? held.journal.find(record.event.id) : undefined,
    );
    expect(await Promise.all(found)).toEqual([records[0], undefined]);
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
            bound = cursorOf(journal, edge);
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
    const records = await appendAll(journal, entries(12));
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
});
