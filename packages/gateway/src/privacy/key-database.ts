import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makePrivateFile } from '../storage/private-file.ts';
import { transact } from '../storage/transact.ts';
import { KeyFileError } from './key-file-error.ts';

/** "SE5K" in the file's header distinguishes it from the files of other programs. */
const APPLICATION_ID = 0x5345354b;

const VERSION = 2;

/** Longest wait for another thread, in ms: an erasure rewrites the whole file. */
const BUSY_MS = 10_000;

const KEY_BYTES = 32;

/*
 * The id of a day's key is random, so a forgotten day gets a new one, also in an older copy of the
 * file. So is the tag of a person: without the row, nothing leads from a person to the data with
 * the tag.
 *
 * A day or a person has one key, but several when gateways created them apart from each other;
 * see docs/decisions/keys-are-shared.md. The one with the smallest id or tag seals.
 */
const KEY_TABLES = `
  CREATE TABLE day (
    id INTEGER PRIMARY KEY,
    day INTEGER NOT NULL,
    key BLOB NOT NULL,
    used_on INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX day_by_day ON day (day);

  CREATE TABLE person (
    tag TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    key BLOB NOT NULL,
    used_on INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX person_by_name ON person (name);

  -- Erasures of the cluster that this gateway's stores have followed.
  CREATE TABLE followed_erasure (
    id TEXT PRIMARY KEY,
    followed_on INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

const FORGOTTEN_INDEXES = `
  CREATE UNIQUE INDEX forgotten_person ON forgotten (person);
  CREATE UNIQUE INDEX forgotten_day ON forgotten (day);
`;

const SCHEMA = `
  -- The id of this file, the secret of keyed hashes, whether unused parts of the file may hold
  -- bytes of forgotten keys, and the stream through which gateways share the file's keys.
  CREATE TABLE file (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    id TEXT NOT NULL,
    secret TEXT NOT NULL,
    is_unclean INTEGER NOT NULL,
    shared_by TEXT
  ) STRICT;

  -- Forgotten keys, for the stores that hold data which they sealed: a person's tag or a day's id.
  CREATE TABLE forgotten (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person TEXT,
    day INTEGER,
    forgotten_on INTEGER NOT NULL
  ) STRICT;

  ${KEY_TABLES}
  ${FORGOTTEN_INDEXES}
`;

/** Version 1 allowed one key for each day and each person. */
const FROM_VERSION_1 = `
  ALTER TABLE file ADD COLUMN shared_by TEXT;
  ALTER TABLE day RENAME TO old_day;
  ALTER TABLE person RENAME TO old_person;
  ${KEY_TABLES}
  INSERT INTO day SELECT id, day, key, used_on FROM old_day;
  INSERT INTO person SELECT tag, name, key, used_on FROM old_person;
  DROP TABLE old_day;
  DROP TABLE old_person;
  ${FORGOTTEN_INDEXES}
`;

/**
 * Opens the database of a key file; creates it when it is missing.
 *
 * @throws {KeyFileError} NOT_A_KEY_FILE, NEWER_VERSION, with the file unchanged. Errors of SQLite
 *   and of the system otherwise.
 */
export function openKeyDatabase(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  makePrivateFile(path);
  using stack = new DisposableStack();
  const database = new DatabaseSync(path, { timeout: BUSY_MS });
  stack.defer(() => database.close());
  // No content may go to a temporary file, and a committed change must survive a power cut.
  database.exec(`
    PRAGMA temp_store = MEMORY;
    PRAGMA journal_mode = DELETE;
    PRAGMA secure_delete = ON;
    PRAGMA synchronous = FULL`);
  createTables(database, path);
  stack.move();
  return database;
}

/** Notes that unused parts of the file may hold bytes of forgotten keys. */
export function markUnclean(database: DatabaseSync): void {
  database.exec('UPDATE file SET is_unclean = 1');
}

/** Rewrites the file if it may hold bytes of forgotten keys. */
export function clean(database: DatabaseSync): void {
  const isUnclean = database.prepare('SELECT is_unclean FROM file').get()?.['is_unclean'];
  if (isUnclean !== 1) return;
  database.exec('VACUUM');
  database.exec('UPDATE file SET is_unclean = 0');
}

export const newKey = (): Buffer => randomBytes(KEY_BYTES);

export const newDayId = (): number => randomBytes(6).readUIntBE(0, 6);

export const newPersonTag = (): string => randomBytes(8).toString('base64url');

function createTables(database: DatabaseSync, path: string): void {
  // Several threads open the file at once; one of them creates the tables.
  transact(database, () => {
    const version = numberOf(database, 'user_version');
    const isEmpty = database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
    if (numberOf(database, 'application_id') !== APPLICATION_ID && !isEmpty) {
      throw new KeyFileError(
        'NOT_A_KEY_FILE',
        `${path} is a database, but not the key file of a gateway; set privacy.keys to another file`,
      );
    }
    if (version > VERSION) {
      throw new KeyFileError(
        'NEWER_VERSION',
        `${path} was written by a newer gateway (version ${version}, this one knows ${VERSION}); run that one`,
      );
    }
    if (!isEmpty && version === VERSION) return;
    database.exec(isEmpty ? SCHEMA : FROM_VERSION_1);
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${VERSION}`);
    if (!isEmpty) return;
    const [id, secret] = [randomBytes(9), newKey()];
    database
      .prepare('INSERT INTO file VALUES (1, ?, ?, 0, NULL)')
      .run(id.toString('base64url'), secret.toString('base64url'));
  });
}

const numberOf = (database: DatabaseSync, pragma: string): number =>
  Number(Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]);
