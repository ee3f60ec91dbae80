import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlarmId, newAlarmId } from '../../src/journal/alarm/alarm.ts';
import type { AlarmQuery } from '../../src/journal/alarm/alarm-query.ts';
import type { Journal, JournalEntry, Position } from '../../src/journal/journal.ts';
import { type OracleAlarm, oracleOf, oracleState } from '../support/alarm-oracle.ts';
import { actEntry, ruleMatch, watchedEntry } from '../support/alarms.ts';
import { anyRecognition } from '../support/arbitraries.ts';
import { everyJournal } from '../support/journal-implementations.ts';
import { eventsIn, gapEntry } from '../support/journals.ts';
import { boxId } from '../support/recognitions.ts';

/** Ids of alarms that events propose; acts are on any of them. */
const IDS = Array.from({ length: 12 }, newAlarmId);

const anyMatch = fc.record({
  rule: fc.constantFrom('vip', 'watched'),
  cooldownMs: fc.constantFrom(0, 2, 5),
});

const anyEvent = fc
  .tuple(anyRecognition, fc.uniqueArray(anyMatch, { maxLength: 2, selector: ({ rule }) => rule }))
  .map(
    ([event, matches]): JournalEntry => ({
      ...{ kind: 'event', event },
      matches: matches.map((match) => ruleMatch(match)),
    }),
  );

const anyAct = fc
  .record({
    alarm: fc.nat(),
    action: fc.constantFrom('ACKNOWLEDGE', 'CLOSE', 'NOTE'),
    by: fc.constantFrom('desk', 'gate'),
    key: fc.constantFrom('a', 'b', 'c'),
  })
  .map(({ alarm, action, ...given }) => ({ alarm, action, given }));

/** Events and acts in any order; acts are on the alarms that matches propose. */
const anyEntries = fc
  .array(fc.oneof({ arbitrary: anyEvent, weight: 2 }, anyAct, fc.constant(gapEntry())), {
    maxLength: 60,
  })
  .map((all) => {
    const proposed = all.flatMap((each) =>
      'kind' in each && each.kind === 'event' ? (each.matches ?? []) : [],
    );
    const ids = proposed.map(({ alarm }) => alarm);
    return all.map((each): JournalEntry => {
      if ('kind' in each) return each;
      const { alarm, action, given } = each;
      return actEntry(ids[alarm % ids.length] ?? newAlarmId(), action, { text: 'seen', ...given });
    });
  });

const outcomeOf = (journal: Journal, entry: JournalEntry): Promise<string> =>
  journal.append(entry).then(
    ({ isDuplicate }) => (isDuplicate ? 'repeated' : 'applied'),
    ({ code }: { readonly code: string }) => code,
  );

/** All of them, page after page. */
async function allAlarms(journal: Journal, query: Omit<AlarmQuery, 'count'>, count = 2) {
  const found = [];
  for (let bound = {}; ; ) {
    const page = await journal.alarms({ ...query, ...bound, count });
    found.push(...page.alarms);
    const last = page.alarms.at(-1);
    if (!page.isMore || !last) return found;
    bound = query.order === 'opened' ? { before: last.opened } : { after: last.changed };
  }
}

const plain = ({ id, rule, events, acts, ...alarm }: OracleAlarm) => ({
  ...{ id, rule, state: oracleState({ id, rule, events, acts, ...alarm }) },
  eventCount: events.length,
  lastEventAt: Math.max(...events.map(({ occurredAt }) => occurredAt)),
  notes: acts.map(({ by, key, text }) => ({ by, key, text })),
});

/** Without what differs between journals: the positions. */
async function shapesOf(journal: Journal) {
  const alarms = await allAlarms(journal, { filter: {}, order: 'opened' });
  return alarms
    .map(({ id, rule, state, eventCount, lastEventAt, notes }) => ({
      ...{ id, rule, state, eventCount, lastEventAt },
      notes: notes.map(({ by, key, text }) => ({ by, key, text })),
    }))
    .toReversed();
}

describe.concurrent.each(everyJournal)('the alarms of the %s', (_, { create, numRuns }) => {
  it('follow from the order of events and acts alone, as one would say one by one', async () => {
    await fc.assert(
      fc.asyncProperty(anyEntries, async (entries) => {
        await using first = await create(200);
        await using second = await create(200);
        const { alarms, outcomes } = oracleOf(entries);
        for (const { journal } of [first, second]) {
          const appended = entries.map((entry) => outcomeOf(journal, entry));
          expect(await Promise.all(appended)).toEqual(outcomes);
          expect(await shapesOf(journal)).toEqual(alarms.map(plain));
          for (const { id, events } of alarms) {
            const take = { from: 'first', count: 100 } as const;
            const { records } = await journal.history({ filter: { alarm: id }, take });
            expect(eventsIn(records)).toEqual(events);
          }
        }
      }),
      { numRuns },
    );
  });
});
