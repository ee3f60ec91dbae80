import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import type { EventFilter } from '../../../src/journal/filter.ts';
import { migrate } from '../../../src/journal/sqlite/schema.ts';
import { Search } from '../../../src/journal/sqlite/search.ts';
import { countsStatement, Tallies } from '../../../src/journal/sqlite/tallies.ts';

const FILTERS: readonly EventFilter[] = [
  {},
  { personTypes: ['VIP'] },
  { scopes: [{ personTypes: ['VIP'] }, { personTypes: ['STRANGER'] }] },
];

it.each(['quarter', 'device', 'personType'] as const)(
  'counts by %s are read from the counts of the file, by the time alone',
  (by) => {
    using database = new DatabaseSync(':memory:');
    migrate(database);
    for (const filter of FILTERS) {
      const { sql = '', values = [] } = countsStatement(database, filter, by) ?? {};
      const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(0, 96, ...values);
      expect(String(plan[0]?.['detail'])).toMatch(
        /^SEARCH event USING PRIMARY KEY \(quarter>\? AND quarter<\?\)/,
      );
    }
  },
);

it('leaves out events that are erased and not deleted yet', () => {
  using database = new DatabaseSync(':memory:');
  migrate(database);
  database.exec(`
    INSERT INTO source (id, site_id, box_id, device_id) VALUES (1, 'hq', 'a', 'gate');
    INSERT INTO hour VALUES (0, 1, 2);
    INSERT INTO event
      SELECT value, 1, 0, 'event-' || value, 0, 0, 1, 0, 0, 0, 'person-' || value, '', '', NULL, '{}', '{}', '{}', NULL, NULL
      FROM json_each('[1, 2]');
    INSERT INTO leaving (person, up_to) VALUES ('person-1', 2)`);
  const tallies = new Tallies(database, (filter) => new Search(database, filter));
  const range = { low: 0, high: 2 };
  expect([...tallies.find({ filter: {}, by: 'quarter', range })].at(-1)).toEqual([
    { by: 'quarter', quarter: 0, events: 1 },
  ]);
});
