import { openForReading } from './database.ts';

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

/** How many events of the file hold one of the texts. @throws {JournalError} */
export function countHolding(path: string, texts: readonly string[]): number {
  using database = openForReading(path);
  const holds = TEXTS.map((column) => `instr(${column}, text.value) > 0`).join(' OR ');
  const row = database
    .prepare(
      `SELECT count(*) AS n FROM event
       WHERE EXISTS (SELECT 1 FROM json_each(?) AS text WHERE ${holds})`,
    )
    .get(JSON.stringify(texts));
  return Number(row?.['n']);
}
