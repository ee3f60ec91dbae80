import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventFilter } from '../../src/journal/filter.ts';
import type { EventRecord, JournalRecord, Position } from '../../src/journal/journal.ts';
import { anyFilter, anyRecognition, matchesModel } from '../support/arbitraries.ts';
import { everyJournal } from '../support/journal-implementations.ts';
import { appendAll, entry, erasePerson } from '../support/journals.ts';

const NAMES = ['Ågot Weiß', 'AGOT WEISS', 'Ines Ortega', 'Ιωάννης', '王秀英'];
/** Each with the names that it finds, said without folding anything. */
const SEARCHES: readonly (readonly [name: string | undefined, found: readonly string[]])[] = [
  [undefined, NAMES],
  ['agot', ['Ågot Weiß', 'AGOT WEISS']],
  ['weiß', ['Ågot Weiß', 'AGOT WEISS']],
  ['ÉS O', ['Ines Ortega']],
  ['ιωαννησ', ['Ιωάννης']],
  ['秀', ['王秀英']],
  ['nobody', []],
];

const anyEvent = fc
  .tuple(anyRecognition, fc.constantFrom('17', '18', '19', ''), fc.constantFrom(...NAMES))
  .map(([event, identityId, identityName]) => ({ ...event, identityId, identityName }));

/** Who was seen, said as plainly as can be: the newest event of each. */
function peopleModel(records: readonly JournalRecord[], filter: EventFilter): EventRecord[] {
  const newest = new Map<string, EventRecord>();
  for (const record of records) {
    if (record.kind !== 'event' || record.event.identityId === '') continue;
    if (matchesModel(filter, record.event)) newest.set(record.event.identityId, record);
  }
  return [...newest.values()].toSorted((a, b) => b.position - a.position);
}

const countModel = (records: readonly JournalRecord[], filter: EventFilter, id: string): number =>
  records.filter(
    (record) =>
      record.kind === 'event' &&
      record.event.identityId === id &&
      matchesModel(filter, record.event),
  ).length;

describe.concurrent.each(everyJournal)('the %s', (_, { create, numRuns }) => {
  it('pages through the persons of a filter and a name, the last seen first, and counts them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyEvent, { maxLength: 30 }),
        anyFilter,
        fc.constantFrom(...SEARCHES),
        fc.integer({ min: 1, max: 3 }),
        async (events, filter, [name, names], count) => {
          await using held = await create(100);
          const { journal } = held;
          const records = await appendAll(
            journal,
            events.map((event) => ({ kind: 'event', event })),
          );
          const seen: EventRecord[] = [];
          for (let next: Position | undefined, isMore = true; isMore; ) {
            const query = { filter, count, ...(name !== undefined && { name }) };
            const page = await journal.people({ ...query, ...(next && { before: next }) });
            expect(page.records.length).toBeLessThanOrEqual(count);
            seen.push(...page.records);
            next = page.next;
            isMore = next !== undefined;
          }
          const model = peopleModel(records, filter);
          expect(seen).toEqual(model.filter(({ event }) => names.includes(event.identityName)));
          const ids = model.map(({ event }) => event.identityId);
          expect(await journal.countPeople(filter, ids)).toEqual(
            ids.map((id) => countModel(records, filter, id)),
          );
        },
      ),
      { numRuns },
    );
  });

  it('shows no person who was erased, nor one who is left out or seen later', async () => {
    await using held = await create();
    const { journal } = held;
    const ids = ['17', '18', '19', '20'];
    const records = await appendAll(
      journal,
      ids.map((identityId) => entry({ identityId })),
    );
    await erasePerson(journal, '18').catch(() => undefined);
    const found = await journal.people({
      filter: {},
      count: 10,
      upTo: (journal.newest - 1) as Position,
      except: ['19'],
    });
    expect(found).toEqual({ records: [records[0]], next: undefined });
    expect(await journal.countPeople({}, ['18', '17'])).toEqual([0, 1]);
  });
});
