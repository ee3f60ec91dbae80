import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import type { EventFilter } from '../../../src/journal/filter.ts';
import { migrate } from '../../../src/journal/sqlite/schema.ts';
import { countsStatement } from '../../../src/journal/sqlite/tallies.ts';

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
