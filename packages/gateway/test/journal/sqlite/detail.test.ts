import { expect, it } from 'vitest';
import type { Position } from '../../../src/journal/journal.ts';
import { appendAll, entry, eventsIn, holdSqliteJournal } from '../../support/journals.ts';

const LONG = 'x'.repeat(60_000);

it('reads all of an event but its long fields, and says so of those', async () => {
  await using held = await holdSqliteJournal();
  const { journal } = held;
  const records = await appendAll(journal, [
    entry({ extra: { text: LONG }, identityInfo: { dept: 'HR' } }),
  ]);
  const [full] = eventsIn(records);
  const pages = [
    await journal.read(0 as Position, 10, 'plain'),
    await journal.history({ filter: {}, take: { from: 'last', count: 10 }, detail: 'plain' }),
  ];
  for (const page of pages) {
    const [event] = eventsIn(page.records);
    const { extra: _, identityInfo: __, ...rest } = full ?? {};
    expect({ ...event }).toEqual(rest);
    expect(() => event?.extra).toThrow('extra was not read');
    expect(() => event?.identityInfo).toThrow('identityInfo was not read');
  }
});

it('fills a page with events whose long fields are not asked for', async () => {
  await using held = await holdSqliteJournal();
  const { journal } = held;
  await appendAll(
    journal,
    Array.from({ length: 100 }, () => entry({ extra: { text: LONG } })),
  );
  expect((await journal.read(0 as Position, 100, 'plain')).records).toHaveLength(100);
  expect((await journal.read(0 as Position, 100)).records.length).toBeLessThan(100);
});
