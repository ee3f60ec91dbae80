import type { ErasureTarget } from '../erasure.ts';
import { openForReading } from './database.ts';
import { isErasableSql } from './erasable.ts';

/** What of an event is text. */
const EVENT_TEXTS = [
  'id',
  'identity_id',
  'identity_name',
  'group_name',
  'identity_info',
  'pictures',
  'extra',
  'device_ip',
];

/** What else of the file is: a person's number may be part of a camera's name. */
const NAMES = [
  ['source', ['site_id', 'box_id', 'device_id']],
  ['gap', ['reason', 'box_id']],
  ['settled', ['box_id']],
  ['sqlite_schema', ['type', 'name', 'sql']],
] as const;

export interface Holding {
  /** Those that at least one event or name holds. */
  readonly texts: readonly string[];
  /** How many events hold one. */
  readonly events: number;
  /** Whether a site, box or device is called so, or something of the journal's own. */
  readonly isInNames: boolean;
}

/** What the file holds of these texts; it is not opened for none. @throws {JournalError} */
export function findHolding(path: string, texts: readonly string[]): Holding {
  if (texts.length === 0) return { texts: [], events: 0, isInNames: false };
  using database = openForReading(path);
  const json = JSON.stringify(texts);
  const inNames = NAMES.map(([table, columns]) => isIn(table, columns)).join(' OR ');
  const rows = database
    .prepare(
      `SELECT value, ${isIn('event', EVENT_TEXTS)} AS in_event, (${inNames}) AS in_name
       FROM json_each(?) AS text`,
    )
    .all(json);
  const row = database
    .prepare(
      `SELECT count(*) AS n FROM event
       WHERE EXISTS (SELECT 1 FROM json_each(?) AS text WHERE ${holds('event', EVENT_TEXTS)})`,
    )
    .get(json);
  return {
    texts: rows
      .filter((each) => each['in_event'] === 1 || each['in_name'] === 1)
      .map(({ value }) => String(value)),
    events: Number(row?.['n']),
    isInNames: rows.some((each) => each['in_name'] === 1),
  };
}

const holds = (table: string, columns: readonly string[]): string =>
  columns.map((column) => `instr(${table}.${column}, text.value) > 0`).join(' OR ');

const isIn = (table: string, columns: readonly string[]): string =>
  `EXISTS (SELECT 1 FROM ${table} WHERE ${holds(table, columns)})`;

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
