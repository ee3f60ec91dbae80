import { DatabaseSync } from 'node:sqlite';
import { spanOf } from './events.ts';

/**
 * Puts what the first `events` positions of a journal hold behind its end, as what happened later:
 * the same rows in the same tables and indexes as if they had been appended, in a tenth of the
 * time. Nobody may have the journal open.
 */
export function appendCopy(path: string, events: number): void {
  using database = new DatabaseSync(path);
  database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -262144');
  const columns = database
    .prepare("SELECT name FROM pragma_table_info('event') WHERE name <> 'position'")
    .all()
    .map(({ name }) => String(name));
  const newest = Number(database.prepare('SELECT max(position) AS p FROM event').get()?.['p']);
  const shifted = columns.map((name) =>
    name.endsWith('_at') ? `${name} + ${spanOf(newest)}` : name,
  );
  database.exec(`
    BEGIN;
    INSERT INTO event (position, ${columns.join(', ')})
    SELECT position + ${newest}, ${shifted.join(', ')} FROM event WHERE position <= ${events};
    INSERT INTO hour
    SELECT occurred_at / 3600000, min(position), max(position) FROM event
    WHERE position > ${newest} GROUP BY 1
    ON CONFLICT (hour) DO UPDATE SET last_position = excluded.last_position;
    COMMIT;
    PRAGMA wal_checkpoint(TRUNCATE);
  `);
}
