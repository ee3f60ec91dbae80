import { toDeviceId } from '@se5/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlarmId, newAlarmId } from '../../src/journal/alarm/alarm.ts';
import type { AlarmQuery } from '../../src/journal/alarm/alarm-query.ts';
import type { Journal, JournalEntry } from '../../src/journal/journal.ts';
import { type OracleAlarm, oracleOf, oracleState } from '../support/alarm-oracle.ts';
import { actEntry, outcomeOf, ruleMatch, watchedEntry } from '../support/alarms.ts';
import { anyRecognition } from '../support/arbitraries.ts';
import { everyJournal, wholeJournals } from '../support/journal-implementations.ts';
import { entry, erasePerson, eventsIn, gapEntry } from '../support/journals.ts';
import { boxId, siteId } from '../support/recognitions.ts';

const anyMatch = fc.record({
  rule: fc.constantFrom('vip', 'watched'),
  cooldownMs: fc.constantFrom(0, 2, 5),
});

/** At one device, so that events meet alarms. */
const anyPassage = anyRecognition.map((event) => ({
  ...event,
  siteId: siteId('hq'),
  boxId: boxId('a'),
  deviceId: toDeviceId('gate'),
}));

const anyEvent = fc
  .tuple(anyPassage, fc.uniqueArray(anyMatch, { maxLength: 2, selector: ({ rule }) => rule }))
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
    size: 'max',
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

const plain = (alarm: OracleAlarm) => ({
  ...{ id: alarm.id, rule: alarm.rule, state: oracleState(alarm) },
  eventCount: alarm.events.length,
  lastEventAt: Math.max(...alarm.events.map(({ occurredAt }) => occurredAt)),
  notes: alarm.acts.map(({ by, key, text }) => ({ by, key, text })),
});

/** The same of the alarms of a journal, oldest first. */
async function shapesOf(journal: Journal) {
  const alarms = await allAlarms(journal, { filter: {}, order: 'opened' });
  return alarms
    .map(({ id, rule, state, eventCount, lastEventAt, notes }) => ({
      ...{ id, rule, state, eventCount, lastEventAt },
      notes: notes.map(({ by, key, text }) => ({ by, key, text })),
    }))
    .toReversed();
}

const person = { identityId: '17', occurredAt: 1_000 };
const another = { identityId: '18', occurredAt: 1_000 };

describe.concurrent.each(everyJournal)('the %s', (_, { create, numRuns, reason }) => {
  it('has the alarms that follow from the order of events and acts, as one would say one by one', async () => {
    await fc.assert(
      fc.asyncProperty(anyEntries, async (entries) => {
        await using held = await create(200);
        const { journal } = held;
        const { alarms, outcomes } = oracleOf(entries);
        const appended = entries.map((entry) => outcomeOf(journal, entry));
        // Without its file, a journal can't know that there is no such alarm.
        const notFound = reason === 'RETENTION' ? 'ALARM_NOT_FOUND' : 'OVERLOADED';
        expect(await Promise.all(appended)).toEqual(
          outcomes.map((outcome) => (outcome === 'ALARM_NOT_FOUND' ? notFound : outcome)),
        );
        expect(await shapesOf(journal)).toEqual(alarms.map(plain));
        for (const { id, events } of alarms) {
          const take = { from: 'first', count: 100 } as const;
          const { records } = await journal.history({ filter: { alarm: id }, take });
          expect(eventsIn(records)).toEqual(events);
        }
      }),
      { numRuns },
    );
  });

  it('gives those who follow it each alarm as it became, after every position', async () => {
    await using held = await create();
    const { journal } = held;
    const told: (readonly AlarmId[] | undefined)[] = [];
    using _listening = journal.onAppend(({ alarms }) => told.push(alarms));
    const start = journal.newest;
    const [vip, watched] = [ruleMatch({ rule: 'vip' }), ruleMatch()];
    await journal.append(watchedEntry(person, vip, watched));
    const second = await journal.append(watchedEntry(another));
    await journal.append(entry(person));
    await journal.append(actEntry(watched.alarm, 'ACKNOWLEDGE'));
    const last = await journal.append(watchedEntry(person, { ...vip, alarm: newAlarmId() }));
    expect(told).toEqual([
      [vip.alarm, watched.alarm],
      second.alarms,
      undefined,
      [watched.alarm],
      [vip.alarm],
    ]);
    const changed = await allAlarms(journal, { filter: {}, order: 'changed', after: start }, 1);
    expect(changed).toMatchObject([
      { id: second.alarms?.[0], eventCount: 1, subject: { identityId: '18' } },
      { id: watched.alarm, state: 'ACKNOWLEDGED' },
      { id: vip.alarm, eventCount: 2, changed: last.position, lastEvent: last.position },
    ]);
    expect(changed.map((alarm) => alarm.opened - start)).toEqual([2, 1, 1]);
    const resumed = journal.resume(journal.cursorAt(second.position));
    const later = { filter: {}, order: 'changed', after: resumed.position, count: 10 } as const;
    expect(await journal.alarms(later)).toEqual({
      ...{ alarms: changed.slice(1), isMore: false, newest: last.position },
    });
    expect(await journal.count({ alarm: vip.alarm })).toBe(2);
    expect(await journal.alarm(vip.alarm)).toEqual(changed[2]);
    expect(await journal.alarm(newAlarmId())).toBeUndefined();
  });

  it('extends the alarm that was opened last of those that an event may extend', async () => {
    await using held = await create();
    const { journal } = held;
    const passes = (occurredAt: number, cooldownMs: number) =>
      journal.append(watchedEntry({ ...person, occurredAt }, ruleMatch({ cooldownMs })));
    const [late, early] = [await passes(2_000, 100), await passes(1_000, 100)];
    expect(early.alarms).not.toEqual(late.alarms);
    // Two matches of one rule are of one alarm.
    await journal.append(watchedEntry(another, ruleMatch(), ruleMatch()));
    expect(await passes(1_500, 600)).toMatchObject({ alarms: early.alarms });
    expect(await journal.alarm(early.alarms?.[0] ?? newAlarmId())).toMatchObject({
      ...{ openedAt: 1_000, lastEventAt: 1_500, eventCount: 2 },
    });
  });

  it('never parts the alarms of one event, and shows those that a filter means', async () => {
    await using held = await create();
    const { journal } = held;
    const [low, high] = [ruleMatch({ rule: 'a', severity: 'LOW' }), ruleMatch({ rule: 'b' })];
    const yard = boxId('hq-yard');
    await journal.append(watchedEntry(person));
    await journal.append(watchedEntry({ ...another, boxId: yard, receivedAt: 5_000 }, low, high));
    await journal.append(actEntry(low.alarm, 'CLOSE'));
    const page = await journal.alarms({ filter: {}, order: 'opened', count: 1 });
    expect(page).toMatchObject({ alarms: [{ rule: 'b' }, { rule: 'a' }], isMore: true });
    const rulesOf = async (filter: AlarmQuery['filter']) =>
      (await allAlarms(journal, { filter, order: 'opened' })).map(({ rule }) => rule);
    expect(await rulesOf({ states: ['CLOSED'] })).toEqual(['a']);
    expect(await rulesOf({ severities: ['HIGH'] })).toEqual(['b', 'watched']);
    expect(await rulesOf({ rules: ['watched', 'a'] })).toEqual(['a', 'watched']);
    expect(await rulesOf({ boxIds: [yard], states: ['OPEN'] })).toEqual(['b']);
    expect(await rulesOf({ deviceIds: ['hq-yard/gate-1'] })).toEqual(['b', 'a']);
    expect(await rulesOf({ scopes: [{ since: 5_001 }, { boxIds: ['hq-lobby'] }] })).toEqual([
      'watched',
    ]);
    expect(await rulesOf({ scopes: [] })).toEqual([]);
  });
});

describe.concurrent.each(wholeJournals)('the %s', (_, { create }) => {
  it('loses the alarms of a person that is erased; what comes later opens another', async () => {
    await using held = await create();
    const { journal } = held;
    const [erased, kept] = [ruleMatch(), ruleMatch()];
    await journal.append(watchedEntry(person, erased));
    await journal.append(watchedEntry(another, kept));
    await journal.append(actEntry(erased.alarm, 'NOTE', { text: 'tall' }));
    await erasePerson(journal, '17');
    expect(await journal.alarm(erased.alarm)).toBeUndefined();
    expect(await outcomeOf(journal, actEntry(erased.alarm, 'CLOSE'))).toBe('ALARM_NOT_FOUND');
    const again = ruleMatch();
    await journal.append(watchedEntry(person, again));
    await journal.append(watchedEntry(another));
    const alarms = await allAlarms(journal, { filter: {}, order: 'opened' });
    expect(alarms).toMatchObject([
      { id: again.alarm, eventCount: 1 },
      { id: kept.alarm, eventCount: 2 },
    ]);
  });

  it('keeps an alarm as long as the event that opened it', async () => {
    await using held = await create(3);
    const { journal } = held;
    const [first, second] = [ruleMatch(), ruleMatch()];
    await journal.append(watchedEntry(person, first));
    await journal.append(watchedEntry(person));
    await journal.append(watchedEntry(another, second));
    await journal.append(entry());
    await held.retain();
    const alarms = await allAlarms(journal, { filter: {}, order: 'changed' });
    expect(alarms.map(({ id }) => id)).toEqual([second.alarm]);
  });
});
