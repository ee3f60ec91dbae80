import type { ErasureTarget } from '../erasure.ts';
import { openForReading } from './database.ts';
import { isErasableSql } from './erasable.ts';

/** What of an event is text. */
const TEXTS = [
  'event.id',
  'identity_id',
  'identity_name',
  'group_name',
  'identity_info',
  'pictures',
  'extra',
  "coalesce(device_ip, '')",
];

export interface Holding {
  /** Those that at least one event holds. */
  readonly texts: readonly string[];
  /** How many events hold one. */
  readonly events: number;
}

/** What the file's events hold of these texts. @throws {JournalError} */
export function findHolding(path: string, texts: readonly string[]): Holding {
  using database = openForReading(path);
  const holds = TEXTS.map((column) => `instr(${column}, text.value) > 0`).join(' OR ');
  const json = JSON.stringify(texts);
  const held = database
    .prepare(
      `SELECT value FROM json_each(?) AS text WHERE EXISTS (SELECT 1 FROM event WHERE ${holds})`,
    )
    .all(json);
  const row = database
    .prepare(
      `SELECT count(*) AS n FROM event
       WHERE EXISTS (SELECT 1 FROM json_each(?) AS text WHERE ${holds})`,
    )
    .get(json);
  return { texts: held.map(({ value }) => String(value)), events: Number(row?.['n']) };
}

/**
 * How many events of the file should have gone, of those that came before the time (ms by our
 * clock). @throws {JournalError}
 */
export function countErasable(path: string, target: ErasureTarget, cameBefore: number): number {
  using database = openForReading(path);
  const { where, values } = isErasableSql(target);
  const row = database
    .prepare(`SELECT count(*) AS n FROM event WHERE received_at < ? AND ${where}`)
    .get(cameBefore, ...values);
  return Number(row?.['n']);
}
