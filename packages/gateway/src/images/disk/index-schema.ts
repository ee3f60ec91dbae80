import { closeSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { transact } from '../../storage/transact.ts';
import { ImageStoreError } from '../image-store-error.ts';

/** So long another program may hold the index up. */
const BUSY_MS = 1_000;

/** Each brings an index of the version before it (its place) to the next; never changed once released. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE picture (
    id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    bytes INTEGER NOT NULL
  ) STRICT;

  -- What a picture is asked for by. Each has its own age; a picture goes with its last one.
  CREATE TABLE name (
    key TEXT PRIMARY KEY,
    picture INTEGER NOT NULL,
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX name_by_picture ON name (picture);
  CREATE INDEX name_by_age ON name (at, picture);
  `,
  `
  -- Whose share of the folder the picture takes: a box; '' for what was put before.
  ALTER TABLE name ADD COLUMN owner TEXT NOT NULL DEFAULT '';
  CREATE INDEX name_by_owner ON name (owner, at, picture);
  DROP INDEX name_by_picture;
  CREATE INDEX name_by_picture ON name (picture, owner);
  `,
  `
  -- By which keys a picture is sealed: its day's, and its person's unless that is ''. Without a
  -- day it is in clear, as an older gateway wrote it, and its hash is that of its content; that of
  -- a sealed one says nothing of it without the day's key.
  ALTER TABLE picture ADD COLUMN day_key INTEGER;
  ALTER TABLE picture ADD COLUMN person TEXT NOT NULL DEFAULT '';
  -- Stands for a stranger whom a box has numbered, and who has no key.
  ALTER TABLE picture ADD COLUMN stranger TEXT NOT NULL DEFAULT '';
  -- Equal for pictures of a day that show the same.
  ALTER TABLE picture ADD COLUMN content TEXT NOT NULL DEFAULT '';
  CREATE INDEX picture_by_day ON picture (day_key, content);
  CREATE INDEX picture_by_person ON picture (person) WHERE person <> '';
  CREATE INDEX picture_by_stranger ON picture (stranger) WHERE stranger <> '';

  -- The earliest of when the picture was put and of the times of its event.
  ALTER TABLE name ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
  UPDATE name SET since = at;
  CREATE INDEX name_by_since ON name (since, picture);

  -- With which key file pictures are sealed, and how much of what it has forgotten is gone.
  CREATE TABLE sealing (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    key_file TEXT,
    forgotten INTEGER NOT NULL
  ) STRICT;
  INSERT INTO sealing VALUES (1, NULL, 0);
  `,
];

const VERSION = MIGRATIONS.length;

/**
 * Opens the index at the path, and makes it where there is none.
 *
 * @param isDamaged The one that is there is of no use, and a new one is begun.
 * @throws {ImageStoreError} NEWER_VERSION: the index is as it was. Else what SQLite says.
 */
export function openIndex(path: string, isDamaged: boolean): DatabaseSync {
  if (isDamaged) for (const part of ['', '-wal', '-shm']) rmSync(path + part, { force: true });
  closeSync(openSync(path, 'a', 0o600));
  using stack = new DisposableStack();
  const database = new DatabaseSync(path, { timeout: BUSY_MS });
  stack.defer(() => database.close());
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version > VERSION) throw newerVersion(path, version);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  if (version < VERSION) {
    const migrations = MIGRATIONS.slice(version).join('');
    transact(database, () => {
      database.exec(`${migrations} PRAGMA user_version = ${VERSION}`);
    });
  }
  stack.move();
  return database;
}

const newerVersion = (path: string, version: number): ImageStoreError =>
  new ImageStoreError(
    'NEWER_VERSION',
    `the pictures' folder ${dirname(path)} was written by a newer gateway (version ${version}, this one knows ${VERSION}); run that one, or set images.path to another folder`,
  );
