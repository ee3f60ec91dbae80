import type { DatabaseSync } from 'node:sqlite';
import { transact } from '../../storage/transact.ts';
import { QUARTER_MS } from '../../zone-offset.ts';
import { newEpoch } from '../cursor.ts';
import { JournalError } from '../journal-error.ts';
import { beginOpening } from './epochs.ts';

/** In the file's header, so that a file of another program is told from ours: "SE5J". */
const APPLICATION_ID = 0x5345354a;

/** Positions of a block: what `position >> 12` in the indexes below is about. */
export const BLOCK_SIZE = 4_096;

/** Of a gap in the file, in bytes, with its index entry. The file's sums hold it: never changed. */
export const GAP_BYTES = 100;

/**
 * Each brings a file of the version before it (its index) to the next; never changed once released.
 *
 * What makes the indexes what they are: at thousands of appends a second, an event costs the
 * pages it touches, and an index by person, by device or by the id (a hash) would touch one
 * page anywhere in the file for each event, when it comes and again when it goes. So all of
 * them begin with something that grows: the id's with the time, which is part of what the id
 * is made of, the others with the block of `BLOCK_SIZE` positions. A search goes through the
 * blocks one by one, which takes microseconds each, and stops as soon as its page is full.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE state (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    epoch BLOB NOT NULL,
    -- The newest position that is gone, and the newest of these that was not an event.
    gone_to INTEGER NOT NULL,
    gone_mixed_to INTEGER NOT NULL
  ) STRICT;

  -- Epochs under which another journal gave out positions of this one.
  CREATE TABLE lent_epoch (
    epoch BLOB PRIMARY KEY,
    first_position INTEGER NOT NULL,
    last_position INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    site_id TEXT NOT NULL,
    box_id TEXT NOT NULL,
    device_id TEXT NOT NULL,
    UNIQUE (box_id, device_id, site_id)
  ) STRICT;

  CREATE TABLE event (
    position INTEGER PRIMARY KEY,
    source INTEGER NOT NULL,
    occurred_at INTEGER NOT NULL,
    id TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    delivery INTEGER NOT NULL,
    person_type INTEGER NOT NULL,
    device_type INTEGER NOT NULL,
    score REAL NOT NULL,
    similarity REAL NOT NULL,
    identity_id TEXT NOT NULL,
    identity_name TEXT NOT NULL,
    group_name TEXT NOT NULL,
    device_ip TEXT,
    identity_info TEXT NOT NULL,
    pictures TEXT NOT NULL,
    extra TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX event_by_id ON event (occurred_at, id);
  CREATE INDEX event_by_type ON event (position >> 12, person_type, source);
  CREATE INDEX event_by_identity ON event (position >> 12, identity_id);

  CREATE TABLE gap (
    position INTEGER PRIMARY KEY,
    reason TEXT NOT NULL,
    from_time INTEGER,
    to_time INTEGER,
    box_id TEXT,
    count INTEGER
  ) STRICT;

  -- Where the events of an hour are, by occurred_at: between these positions.
  CREATE TABLE hour (
    hour INTEGER PRIMARY KEY,
    first_position INTEGER NOT NULL,
    last_position INTEGER NOT NULL
  ) STRICT;
  `,
  `
  -- Up to when (ms by our clock) what a box said is in here, or in a gap.
  CREATE TABLE settled (
    box_id TEXT PRIMARY KEY,
    to_time INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- When (ms by our clock) what is gone began, and from which position on: a row for an hour.
  CREATE TABLE gone (
    position INTEGER PRIMARY KEY,
    at INTEGER NOT NULL
  ) STRICT;
  `,
  `
  -- Each opening of the file: positions from this one up to the next opening's have its epoch.
  CREATE TABLE opening (
    first_position INTEGER PRIMARY KEY,
    epoch BLOB NOT NULL
  ) STRICT;
  INSERT INTO opening SELECT 0, epoch FROM state;

  -- Up to here positions were given out, though the newest of their records may be erased.
  ALTER TABLE state ADD COLUMN given_to INTEGER NOT NULL DEFAULT 0;
  UPDATE state SET given_to = coalesce(
    (SELECT last_position FROM lent_epoch WHERE lent_epoch.epoch = state.epoch), 0);
  DELETE FROM lent_epoch WHERE epoch IN (SELECT epoch FROM state);
  ALTER TABLE state DROP COLUMN epoch;
  `,
  `
  -- The same as an instant (ms) of this start of the machine, whose clock may be set.
  ALTER TABLE settled ADD COLUMN boot TEXT;
  ALTER TABLE settled ADD COLUMN instant REAL;
  `,
  `
  -- About how many bytes an event takes, with its index entries.
  ALTER TABLE event ADD COLUMN bytes INTEGER GENERATED ALWAYS AS (
    160 + 2 * octet_length(id) + 2 * octet_length(identity_id) + octet_length(identity_name) +
    octet_length(group_name) + octet_length(coalesce(device_ip, '')) +
    octet_length(identity_info) + octet_length(pictures) + octet_length(extra)) VIRTUAL;

  -- How many events each source has. An id is never given out again: a search that pauses knows
  -- its sources by their ids.
  ALTER TABLE source RENAME TO old_source;
  CREATE TABLE source (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    site_id TEXT NOT NULL,
    box_id TEXT NOT NULL,
    device_id TEXT NOT NULL,
    events INTEGER NOT NULL DEFAULT 0,
    UNIQUE (box_id, device_id, site_id)
  ) STRICT;
  INSERT INTO source
  SELECT id, site_id, box_id, device_id, coalesce(held.events, 0)
  FROM old_source
  LEFT JOIN (SELECT source, count(*) AS events FROM event GROUP BY source) AS held
    ON held.source = old_source.id;
  DROP TABLE old_source;
  CREATE INDEX source_without_events ON source (id) WHERE events = 0;
  CREATE INDEX source_by_device ON source (device_id);
  CREATE INDEX source_by_site ON source (site_id);

  -- About how many bytes the events and gaps of each box take.
  CREATE TABLE box_size (
    box_id TEXT PRIMARY KEY,
    bytes INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  INSERT INTO box_size
  SELECT box_id, sum(bytes) FROM (
    SELECT box_id, event.bytes FROM event JOIN source ON source.id = event.source
    UNION ALL
    SELECT box_id, ${GAP_BYTES} FROM gap WHERE box_id IS NOT NULL
  ) GROUP BY box_id;

  CREATE TRIGGER event_comes AFTER INSERT ON event BEGIN
    UPDATE source SET events = events + 1 WHERE id = NEW.source;
    INSERT INTO box_size SELECT box_id, NEW.bytes FROM source WHERE id = NEW.source
    ON CONFLICT (box_id) DO UPDATE SET bytes = bytes + excluded.bytes;
  END;
  CREATE TRIGGER event_goes AFTER DELETE ON event BEGIN
    UPDATE source SET events = events - 1 WHERE id = OLD.source;
    UPDATE box_size SET bytes = bytes - OLD.bytes
    WHERE box_id = (SELECT box_id FROM source WHERE id = OLD.source);
  END;
  CREATE TRIGGER gap_comes AFTER INSERT ON gap WHEN NEW.box_id IS NOT NULL BEGIN
    INSERT INTO box_size VALUES (NEW.box_id, ${GAP_BYTES})
    ON CONFLICT (box_id) DO UPDATE SET bytes = bytes + excluded.bytes;
  END;
  CREATE TRIGGER gap_goes AFTER DELETE ON gap WHEN OLD.box_id IS NOT NULL BEGIN
    UPDATE box_size SET bytes = bytes - ${GAP_BYTES} WHERE box_id = OLD.box_id;
  END;

  -- About how many bytes went from between the records of a stretch that are still there.
  CREATE TABLE loose (
    stretch INTEGER PRIMARY KEY,
    bytes INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX loose_by_bytes ON loose (bytes);

  CREATE INDEX gap_by_box ON gap (box_id, position);
  `,
  `
  -- By how much the box's clock was ahead of the instants: JSON, an array of ms.
  ALTER TABLE settled ADD COLUMN ahead TEXT;
  `,
  `
  -- What describes a person is in \`sealed\`, under the keys of \`day_key\` and \`identity_id\`. In a
  -- sealed row \`id\`, \`identity_id\` and \`group_name\` are tags that only the key file can explain,
  -- and the other texts are empty. A row that an older gateway wrote is in clear until its turn.
  ALTER TABLE event ADD COLUMN day_key INTEGER;
  ALTER TABLE event ADD COLUMN sealed BLOB;
  CREATE INDEX event_in_clear ON event (position) WHERE sealed IS NULL;

  DROP TRIGGER event_comes;
  DROP TRIGGER event_goes;
  ALTER TABLE event DROP COLUMN bytes;
  ALTER TABLE event ADD COLUMN bytes INTEGER GENERATED ALWAYS AS (
    CASE WHEN sealed IS NULL THEN 160 ELSE 120 END + 2 * octet_length(id) + 2 * octet_length(identity_id) + octet_length(identity_name) +
    octet_length(group_name) + octet_length(coalesce(device_ip, '')) +
    octet_length(identity_info) + octet_length(pictures) + octet_length(extra) +
    octet_length(coalesce(sealed, ''))) VIRTUAL;
  CREATE TRIGGER event_comes AFTER INSERT ON event BEGIN
    UPDATE source SET events = events + 1 WHERE id = NEW.source;
    INSERT INTO box_size SELECT box_id, NEW.bytes FROM source WHERE id = NEW.source
    ON CONFLICT (box_id) DO UPDATE SET bytes = bytes + excluded.bytes;
  END;
  CREATE TRIGGER event_goes AFTER DELETE ON event BEGIN
    UPDATE source SET events = events - 1 WHERE id = OLD.source;
    UPDATE box_size SET bytes = bytes - OLD.bytes
    WHERE box_id = (SELECT box_id FROM source WHERE id = OLD.source);
  END;
  CREATE TRIGGER event_sealed AFTER UPDATE OF sealed ON event BEGIN
    UPDATE box_size SET bytes = bytes + NEW.bytes - OLD.bytes
    WHERE box_id = (SELECT box_id FROM source WHERE id = NEW.source);
  END;

  -- With which key file rows are sealed, and how much of what it has forgotten is in \`leaving\`.
  -- \`has_clear\`: rows or free pages may hold what an older gateway wrote in clear.
  CREATE TABLE sealing (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    key_file TEXT,
    forgotten INTEGER NOT NULL,
    has_clear INTEGER NOT NULL
  ) STRICT;
  INSERT INTO sealing SELECT 1, NULL, 0, EXISTS (SELECT 1 FROM event);

  -- What was erased and is not deleted yet, of the records up to a position: nobody may read it.
  CREATE TABLE leaving (
    id INTEGER PRIMARY KEY,
    person TEXT,
    day_key INTEGER,
    before_time INTEGER,
    up_to INTEGER NOT NULL
  ) STRICT;
  `,
  `
  -- Keys of cursors. The first is the file's own; cursors are read with all of them. SQLite's
  -- generator is ChaCha20, seeded by the system.
  CREATE TABLE cursor_key (
    id INTEGER PRIMARY KEY,
    key BLOB NOT NULL UNIQUE
  ) STRICT;
  INSERT INTO cursor_key VALUES (1, randomblob(16));
  `,
  `
  -- The log that the file follows: the epoch of its cursors. No row: the file follows none.
  CREATE TABLE followed_log (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    epoch BLOB NOT NULL
  ) STRICT;
  `,
  `
  -- How many events a source has of a type in a quarter of an hour, by occurred_at.
  CREATE TABLE event_count (
    quarter INTEGER NOT NULL,
    source INTEGER NOT NULL,
    person_type INTEGER NOT NULL,
    events INTEGER NOT NULL,
    PRIMARY KEY (quarter, source, person_type)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO event_count
  SELECT occurred_at / ${QUARTER_MS}, source, person_type, count(*) FROM event GROUP BY 1, 2, 3;
  CREATE TRIGGER event_counted AFTER INSERT ON event BEGIN
    INSERT INTO event_count VALUES (NEW.occurred_at / ${QUARTER_MS}, NEW.source, NEW.person_type, 1)
    ON CONFLICT DO UPDATE SET events = events + 1;
  END;
  CREATE TRIGGER event_uncounted AFTER DELETE ON event BEGIN
    UPDATE event_count SET events = events - 1
    WHERE quarter = OLD.occurred_at / ${QUARTER_MS} AND source = OLD.source AND person_type = OLD.person_type;
    DELETE FROM event_count
    WHERE quarter = OLD.occurred_at / ${QUARTER_MS} AND source = OLD.source AND person_type = OLD.person_type
      AND events = 0;
  END;
  `,
  `
  -- Alarms, each with the position of the event that opened it: the alarm is kept as long as that,
  -- and its keys have sealed what people configured and wrote. \`person\` is the tag of the event,
  -- empty for a stranger.
  CREATE TABLE alarm (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    rule TEXT NOT NULL,
    severity INTEGER NOT NULL,
    state INTEGER NOT NULL,
    opened INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    last_event INTEGER NOT NULL,
    last_event_at INTEGER NOT NULL,
    events INTEGER NOT NULL,
    source INTEGER NOT NULL,
    person TEXT NOT NULL,
    sealed BLOB NOT NULL
  ) STRICT;
  CREATE INDEX alarm_by_opening ON alarm (opened, number);
  CREATE INDEX alarm_by_change ON alarm (changed, number);
  -- Of all but the closed ones (2), which may be many: those that a desk works on, and that an
  -- event may extend.
  CREATE INDEX unclosed_alarm_by_opening ON alarm (opened, number) WHERE state <> 2;
  CREATE INDEX unclosed_alarm_by_subject ON alarm (rule, source, person, last_event_at)
  WHERE state <> 2;

  -- The positions of the events of an alarm. No trigger of \`event\`: packing takes events out, and
  -- puts them in again.
  CREATE TABLE alarm_event (
    alarm INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (alarm, position)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER alarm_goes AFTER DELETE ON alarm BEGIN
    DELETE FROM alarm_event WHERE alarm = OLD.number;
  END;
  `,
];

export const SCHEMA_VERSION = MIGRATIONS.length;

/** @throws {JournalError} NEWER_VERSION, NOT_A_JOURNAL. The file is as it was. */
export function assertOurs(database: DatabaseSync, path: string): void {
  if (pragma(database, 'application_id') !== APPLICATION_ID && !isEmpty(database)) {
    throw new JournalError(
      'NOT_A_JOURNAL',
      `${path} is a database, but not the journal of a gateway; set journal.path to another file`,
    );
  }
  const version = pragma(database, 'user_version');
  if (version > SCHEMA_VERSION) {
    throw new JournalError(
      'NEWER_VERSION',
      `${path} was written by a newer gateway (version ${version}, this one knows ${SCHEMA_VERSION}); run that one, or set journal.path to another file`,
    );
  }
}

/**
 * Brings the file to the version; all or nothing.
 *
 * @param to Default: the newest.
 */
export function migrate(database: DatabaseSync, to = SCHEMA_VERSION): void {
  const version = pragma(database, 'user_version');
  if (version === to) return;
  transact(database, () => {
    for (const migration of MIGRATIONS.slice(version, to)) database.exec(migration);
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    database.exec(`PRAGMA user_version = ${to}`);
    if (version === 0) {
      database.exec('INSERT INTO state VALUES (1, 0, 0, 0)');
      beginOpening(database, { epoch: newEpoch(), first: 0 });
    }
  });
}

/** @throws {TypeError} when the pragma answers no number. */
export function pragma(database: DatabaseSync, name: string): number {
  const value = Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  if (typeof value === 'number') return value;
  throw new TypeError(`PRAGMA ${name} answered no number`);
}

const isEmpty = (database: DatabaseSync): boolean =>
  database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
