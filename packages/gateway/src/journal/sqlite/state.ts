import type { DatabaseSync } from 'node:sqlite';
import type { BoxId } from '../../config/ids.ts';
import type { NotedTime } from '../../noted-time.ts';
import type { GoneMark } from '../gone.ts';
import type { Epochs } from './epochs.ts';

/** What a file keeps of the positions that it gave out. */
export interface KeptState {
  /** The newest position that was given out: never again, whether or not its record is there. */
  readonly newest: number;
  /** The newest position that is gone; 0 when none is. */
  readonly goneTo: number;
  /** The newest of those that was not an event. */
  readonly goneMixedTo: number;
  /** When what is gone came, oldest first. */
  readonly gone: readonly GoneMark[];
  /** When the oldest record came, ms by our clock; null when there is none, or it is a gap that does not know. */
  readonly oldestAt: number | null;
}

/** What of a file has to be known to place a cursor. */
export type JournalState = KeptState & Epochs;

export function readState(database: DatabaseSync): KeptState {
  const row = database.prepare('SELECT gone_to, gone_mixed_to FROM state').get() ?? {};
  const gone = database.prepare('SELECT position, at FROM gone ORDER BY position').all();
  const { newest } = database.prepare(NEWEST).get() ?? {};
  const { at } = database.prepare(OLDEST_AT).get() ?? {};
  return {
    newest: Number(newest),
    goneTo: Number(row['gone_to']),
    goneMixedTo: Number(row['gone_mixed_to']),
    gone: gone.map(({ position, at }) => ({ position: Number(position), at: Number(at) })),
    oldestAt: typeof at === 'number' ? at : null,
  };
}

export function readSettled(database: DatabaseSync): ReadonlyMap<BoxId, NotedTime> {
  const rows = database
    .prepare('SELECT box_id, to_time AS at, boot, instant, ahead FROM settled')
    .all();
  return new Map(
    rows.map(({ box_id: boxId, at, boot, instant, ahead }) => {
      const aheadMs = typeof ahead === 'string' && { aheadMs: numbersIn(ahead) };
      const to = {
        at: Number(at),
        ...(typeof boot === 'string' && { instant: { boot, ms: Number(instant), ...aheadMs } }),
      };
      return [boxId as BoxId, to];
    }),
  );
}

/** The numbers of a JSON array; none of what is no array. */
function numbersIn(json: string): number[] {
  const value: unknown = JSON.parse(json);
  if (!Array.isArray(value)) return [];
  return value.filter((each): each is number => typeof each === 'number');
}

const NEWEST = `
  SELECT max(
    coalesce((SELECT max(position) FROM event), 0),
    coalesce((SELECT max(position) FROM gap), 0),
    coalesce((SELECT max(last_position) FROM lent_epoch), 0),
    (SELECT max(gone_to, given_to) FROM state)
  ) AS newest`;

const OLDEST_AT = `
  SELECT at FROM (
    SELECT * FROM (
      SELECT position, received_at AS at FROM event
      WHERE position > (SELECT gone_to FROM state) ORDER BY position LIMIT 1)
    UNION ALL
    SELECT * FROM (SELECT position, to_time AS at FROM gap ORDER BY position LIMIT 1)
  ) ORDER BY position LIMIT 1`;
