import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Recognition } from '../../src/journal/recognition.ts';
import { migrate } from '../../src/journal/sqlite/schema.ts';

/** The last version whose rows were in clear. */
const CLEAR_VERSION = 6;

const PERSON_TYPES = ['UNKNOWN', 'EMPLOYEE', 'VISITOR', 'BLACKLIST', 'STRANGER', 'VIP'];

/** Makes a journal as a gateway wrote it that did not seal. */
export async function writeClearJournal(
  path: string,
  events: readonly Recognition[],
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  using database = new DatabaseSync(path);
  database.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL');
  migrate(database, CLEAR_VERSION);
  const source = database.prepare(
    'INSERT OR IGNORE INTO source (site_id, box_id, device_id) VALUES (?, ?, ?)',
  );
  const hour = database.prepare(`
    INSERT INTO hour VALUES (?, ?, ?)
    ON CONFLICT (hour) DO UPDATE SET last_position = excluded.last_position`);
  const insert = database.prepare(`
    INSERT INTO event (position, source, occurred_at, id, received_at, delivery, person_type,
      device_type, score, similarity, identity_id, identity_name, group_name, device_ip,
      identity_info, pictures, extra)
    VALUES (?, (SELECT id FROM source WHERE box_id = ? AND device_id = ?), ?, ?, ?, ?, ?, 1, ?, ?,
      ?, ?, ?, ?, ?, ?, ?)`);
  database.exec('BEGIN');
  for (const [index, event] of events.entries()) {
    source.run(event.siteId, event.boxId, event.deviceId);
    hour.run(Math.floor(event.occurredAt / 3_600_000), index + 1, index + 1);
    insert.run(
      index + 1,
      event.boxId,
      event.deviceId,
      event.occurredAt,
      event.id,
      event.receivedAt,
      event.delivery === 'LIVE' ? 0 : 1,
      PERSON_TYPES.indexOf(event.personType),
      event.score,
      event.similarity,
      event.identityId,
      event.identityName,
      event.groupName,
      event.deviceIp ?? null,
      JSON.stringify(event.identityInfo),
      JSON.stringify(event.pictures),
      JSON.stringify(event.extra),
    );
  }
  database.exec('COMMIT');
}
