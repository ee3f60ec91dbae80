import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { actEntry, alarmsOf, ruleMatch, watchedEntry } from '../../support/alarms.ts';
import {
  appendAll,
  entries,
  entry,
  erasePerson,
  eventsIn,
  journalFile,
  openAt,
} from '../../support/journals.ts';
import { boxId } from '../../support/recognitions.ts';
import { filesWith } from '../../support/traces.ts';

/** Rows of alarms, and of their events. */
function rowsIn(path: string) {
  using database = new DatabaseSync(path, { readOnly: true });
  const count = (table: string) => database.prepare(`SELECT count(*) AS n FROM ${table}`).get();
  return [Number(count('alarm')?.['n']), Number(count('alarm_event')?.['n'])];
}

describe('the alarms in a journal’s file', () => {
  it('are the same after a restart, and the position of the last act is not given out again', async () => {
    await using file = await journalFile();
    const match = ruleMatch();
    const act = actEntry(match.alarm, 'ACKNOWLEDGE', { assignee: 'gate', text: 'on my way' });
    let before: unknown;
    {
      await using journal = await openAt(file.path);
      await appendAll(journal, [watchedEntry({}, match), watchedEntry(), act]);
      before = await alarmsOf(journal);
    }
    await using journal = await openAt(file.path);
    expect(before).toMatchObject([{ state: 'ACKNOWLEDGED', eventCount: 2, changed: 3 }]);
    expect(await alarmsOf(journal)).toEqual(before);
    expect(await journal.append(act)).toMatchObject({ position: 3, isDuplicate: true });
    expect(await journal.append(entry())).toMatchObject({ position: 4 });
  });

  it('say nothing in clear of what people wrote and who they are, and nothing at all once erased', async () => {
    await using file = await journalFile();
    await using journal = await openAt(file.path);
    const match = ruleMatch({ title: 'Owner of the red bicycle' });
    const said = {
      by: 'guard-of-the-north-gate',
      assignee: 'guard-of-the-yard',
      text: 'limps a bit',
    };
    await appendAll(journal, [
      watchedEntry({ identityId: '17' }, match),
      actEntry(match.alarm, 'CLOSE', said),
      watchedEntry({ identityId: '18' }),
    ]);
    const texts = [match.title, ...Object.values(said)];
    expect(await filesWith(dirname(file.path), ...texts)).toEqual([]);
    await erasePerson(journal, '17');
    await journal.deleteErased();
    expect(rowsIn(file.path)).toEqual([1, 1]);
  });

  it('go with the event that opened them where boxes share the room; others stay as they are packed', async () => {
    await using file = await journalFile();
    await using journal = await openAt(file.path);
    const quiet = { boxId: boxId('quiet'), identityId: '18' };
    const stays = ruleMatch();
    const busy = () =>
      Array.from({ length: 1_500 }, () =>
        entry({ boxId: boxId('busy'), extra: { text: 'x'.repeat(2_000) } }),
      );
    const watched = [watchedEntry(quiet, stays), watchedEntry(quiet)];
    const goes = watchedEntry({ boxId: boxId('busy') });
    await appendAll(journal, [goes, ...busy(), ...watched, ...busy()]);
    for (let rounds = 0; rounds < 5; rounds += 1) await journal.retain({ maxBytes: 2 ** 21 });
    expect(await alarmsOf(journal)).toMatchObject([{ id: stays.alarm, eventCount: 2 }]);
    const take = { from: 'first', count: 10 } as const;
    const { records } = await journal.history({ filter: { alarm: stays.alarm }, take });
    expect(eventsIn(records)).toEqual(watched.map((each) => each.kind === 'event' && each.event));
    expect(rowsIn(file.path)).toEqual([1, 2]);
    expect(await journal.count({ boxIds: ['busy'] })).toBeLessThan(3_000);
  });

  it('come in more pages than asked for where their notes are long', async () => {
    await using file = await journalFile();
    await using journal = await openAt(file.path);
    const matches = [ruleMatch(), ruleMatch(), ruleMatch()];
    const text = 'x'.repeat(5 * 2 ** 20);
    for (const { alarm, ...match } of matches) {
      await journal.append(watchedEntry({}, { ...match, alarm, rule: alarm }));
      await journal.append(actEntry(alarm, 'NOTE', { text }));
    }
    const page = await journal.alarms({ filter: {}, order: 'opened', count: 10 });
    expect(page).toMatchObject({ alarms: [{}, {}], isMore: true });
    const before = page.alarms.at(-1)?.opened ?? journal.newest;
    const rest = await journal.alarms({ filter: {}, order: 'opened', before, count: 10 });
    expect(rest).toMatchObject({ alarms: [{ id: matches[0]?.alarm }], isMore: false });
  });

  it('go with the oldest events', async () => {
    await using file = await journalFile();
    await using journal = await openAt(file.path);
    await appendAll(journal, [watchedEntry(), watchedEntry(), ...entries(3)]);
    await journal.retain({ maxRecords: 2 });
    expect(rowsIn(file.path)).toEqual([0, 0]);
  });
});
