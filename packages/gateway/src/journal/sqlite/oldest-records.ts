import type { DatabaseSync } from 'node:sqlite';

/** A record, and when it came, in ms by our clock; 0 for a gap that does not know. */
export interface AgedRecord {
  readonly position: number;
  readonly at: number;
}

/**
 * The oldest records, in their order.
 *
 * A time beyond `now` is of a clock that was ahead for a while. Such a record is taken to have
 * come with the next one whose time may be true: so it keeps nothing that came after it, and
 * goes no earlier than it should.
 */
export function oldestRecords(database: DatabaseSync, limit: number, now: number): AgedRecord[] {
  const records = database
    .prepare(OLDEST)
    .all(limit)
    .map((row) => ({ position: Number(row['position']), at: Number(row['at'] ?? 0) }));
  const last = records.at(-1);
  let believed = last && last.at > now ? believableTimeBehind(database, last.position, now) : 0;
  return records
    .toReversed()
    .map(({ position, at }) => {
      if (at <= now) believed = at;
      return { position, at: believed };
    })
    .toReversed();
}

const OLDEST = `
  SELECT position, at FROM (
    SELECT * FROM (SELECT position, received_at AS at FROM event ORDER BY position LIMIT ?1)
    UNION ALL
    SELECT * FROM (SELECT position, to_time AS at FROM gap ORDER BY position LIMIT ?1)
  ) ORDER BY position LIMIT ?1`;

/**
 * Of an event somewhere behind the position, before which all came whose times are not to be
 * believed; found by halves, for there may be millions. Infinity when the newest is none.
 */
function believableTimeBehind(database: DatabaseSync, position: number, now: number): number {
  const nextEvent = database.prepare(
    'SELECT received_at AS at FROM event WHERE position >= ? ORDER BY position LIMIT 1',
  );
  const timeAt = (at: number) => Number(nextEvent.get(at)?.['at'] ?? Infinity);
  const newest = database.prepare('SELECT max(position) AS position FROM event').get();
  let [ahead, believable] = [position, Number(newest?.['position'] ?? 0)];
  if (timeAt(believable) > now) return Infinity;
  while (believable - ahead > 1) {
    const middle = Math.floor((ahead + believable) / 2);
    if (timeAt(middle) > now) ahead = middle;
    else believable = middle;
  }
  return timeAt(believable);
}
