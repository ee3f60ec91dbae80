import { expect, it, vi } from 'vitest';
import { joinedPeople } from '../../../src/journal/failover/joined-people.ts';
import { createMemoryJournal } from '../../../src/journal/memory-journal.ts';
import { FailoverRig, large } from '../../support/failover.ts';
import { entry } from '../../support/journals.ts';

it('shows the persons of the file and of memory, each once, as they were seen last', async () => {
  await using rig = await FailoverRig.with();
  const { journal } = rig;
  const seen = (identityId: string, identityName: string) => large({ identityId, identityName });
  await journal.append(seen('17', 'Ines Ortega'));
  const inFile = await journal.append(seen('18', 'Ines Weiß'));
  await rig.fill();
  const inMemory = await journal.append(seen('17', 'Ines Brandt'));
  const newcomer = await journal.append(seen('19', 'Ines Lund'));
  const people = (count: number, more = {}) => journal.people({ filter: {}, count, ...more });
  const all = [newcomer, inMemory, inFile];
  expect(await people(10)).toEqual({ records: all, next: undefined });
  expect(await people(3)).toEqual({ records: all, next: undefined });
  expect(await people(2)).toEqual({ records: all.slice(0, 2), next: inMemory.position });
  expect((await people(2, { before: inMemory.position })).records).toEqual([inFile]);
  expect((await people(2, { before: newcomer.position })).records).toEqual([inMemory, inFile]);
  expect((await people(10, { name: 'ortega' })).records).toEqual([]);
  expect((await people(10, { name: 'ines' })).records).toEqual(all);
  const counted = () => rig.journal.countPeople({}, ['17', '18', '19', '20']);
  expect(await counted()).toEqual([2, 1, 1, 0]);
  await rig.makeRoom();
  expect(await counted()).toEqual([2, 1, 1, 0]);
  expect(await people(10)).toEqual({ records: all, next: undefined });
});

it('asks the oldest part for its page alone', async () => {
  const [older, newer] = [createMemoryJournal(), createMemoryJournal()];
  const asked = [older, newer].map((journal) => vi.spyOn(journal, 'people'));
  const first = await older.append(entry({ identityId: '17' }));
  const part = (journal: typeof older) => ({ journal, first: 1, last: 10 });
  const query = { filter: {}, count: 10 };
  const page = await joinedPeople([part(older), part(newer)], query, undefined);
  expect(page).toEqual({ records: [first], next: undefined });
  // Of the newer part also who is in it: the older one is to leave them out.
  expect(asked.map(({ mock }) => mock.calls.length)).toEqual([1, 2]);
});
