import { expect, it } from 'vitest';
import { QueriedJournal } from '../../src/graphql/queried-journal.ts';
import { appendAll, entries, holdSqliteJournal } from '../support/journals.ts';

const page = { filter: {}, take: { from: 'first', count: 1 } } as const;

it('makes searches wait for each other, and refuses them with a code beyond the bound', async () => {
  await using held = await holdSqliteJournal();
  await appendAll(held.journal, entries(3));
  const journal = QueriedJournal.over(held.journal, 2);
  // 8 run, of a client each, and 2 wait.
  const taken = Array.from({ length: 9 }, () => journal.of({}).history(page));
  const counted = journal.count({});
  await expect(journal.history(page)).rejects.toMatchObject({
    code: 'OVERLOADED',
    message: expect.stringContaining('2 searches'),
  });
  await expect(journal.count({})).rejects.toMatchObject({ code: 'OVERLOADED' });
  expect(await counted).toBe(3);
  for (const { records } of await Promise.all(taken)) expect(records).toHaveLength(1);
  expect(await journal.count({})).toBe(3);
});

it('lets clients take turns: many pages of one do not delay the page of another', async () => {
  await using held = await holdSqliteJournal();
  await appendAll(held.journal, entries(3));
  const journal = QueriedJournal.over(held.journal);
  const [flood, honest] = [journal.of({}), journal.of({})];
  const order: string[] = [];
  const asked = Array.from({ length: 40 }, () =>
    flood.history(page).then(() => order.push('flood')),
  );
  await Promise.all([...asked, honest.history(page).then(() => order.push('honest'))]);
  // 2 ran already: the honest page has a slot beside them.
  expect(order.indexOf('honest')).toBeLessThan(8);
});
