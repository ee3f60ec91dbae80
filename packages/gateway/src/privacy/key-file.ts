import { hash, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { makePrivateFile } from '../storage/private-file.ts';
import { transact } from '../storage/transact.ts';
import { KeyFileError, toKeyFileError } from './key-file-error.ts';

/** "SE5K" in the file's header distinguishes it from the files of other programs. */
const APPLICATION_ID = 0x5345354b;

const VERSION = 1;

/** Longest wait for another thread, in ms: an erasure rewrites the whole file. */
const BUSY_MS = 10_000;

const KEY_BYTES = 32;

const SCHEMA = `
  -- The id of this file, the secret of keyed hashes, and whether unused parts of the file may hold
  -- bytes of forgotten keys.
  CREATE TABLE file (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    id TEXT NOT NULL,
    secret TEXT NOT NULL,
    is_unclean INTEGER NOT NULL
  ) STRICT;

  -- The id is random, so a forgotten day gets a new one, also in an older copy of this file.
  CREATE TABLE day (
    id INTEGER PRIMARY KEY,
    day INTEGER NOT NULL UNIQUE,
    key BLOB NOT NULL,
    used_on INTEGER NOT NULL
  ) STRICT;

  -- The tag is random: without this row, nothing leads from a person to the data with the tag.
  CREATE TABLE person (
    tag TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    key BLOB NOT NULL,
    used_on INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- Forgotten keys, for the stores that hold data which they sealed: a person's tag or a day's id.
  CREATE TABLE forgotten (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person TEXT,
    day INTEGER,
    forgotten_on INTEGER NOT NULL
  ) STRICT;
`;

/** Whole days since the Unix epoch, in UTC. */
export type Day = number;

const DAY_MS = 86_400_000;

/** The day of a time in ms since the Unix epoch. Earlier times give day 0. */
export const dayOf = (time: number): Day => Math.max(0, Math.floor(time / DAY_MS));

export interface StoredKey {
  readonly key: Buffer;
  /** The last day on which something was sealed with it. */
  readonly usedOn: Day;
}

export interface DayKey extends StoredKey {
  readonly id: number;
}

export interface PersonKey extends StoredKey {
  readonly tag: PersonTag;
}

/** Stands for a person in the stores: 64 random bits. Only the key file leads from an id to its tag. */
export type PersonTag = string;

/** A forgotten key: nobody can read the data that it sealed. */
export interface Forgotten {
  /** Grows with each forgotten key. */
  readonly id: number;
  readonly key: { readonly person: PersonTag } | { readonly day: number };
}

/**
 * Keeps the keys of persons and days in a file of its own: about 100 bytes each.
 *
 * The file keeps no byte of a forgotten key. SQLite may leave copies of a row in the unused part of
 * a page, so each erasure rewrites the whole file: about 50 ms for 10,000 persons, 130 ms for
 * 100,000. The file has no write-ahead log, in which old pages would stay.
 */
export class KeyFile implements Disposable {
  readonly path: string;
  /** Identifies this file. Each store notes which key file sealed it. */
  readonly id: string;
  readonly #secret: string;
  readonly #database: DatabaseSync;
  readonly #dataVersion: StatementSync;
  readonly #findDay: StatementSync;
  readonly #dayById: StatementSync;
  readonly #addDay: StatementSync;
  readonly #findPerson: StatementSync;
  readonly #personByTag: StatementSync;
  readonly #addPerson: StatementSync;
  readonly #newestUse: StatementSync;
  readonly #countUnused: StatementSync;
  readonly #newestForgotten: StatementSync;
  readonly #forgottenBehind: StatementSync;

  /** Creates the file when it is missing. @throws {KeyFileError} */
  constructor(path: string) {
    this.path = path;
    try {
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
      create(database, path);
      this.#database = database;
      const row = database.prepare('SELECT id, secret FROM file').get() ?? {};
      this.id = String(row['id']);
      this.#secret = String(row['secret']);
      this.#dataVersion = database.prepare('PRAGMA data_version');
      this.#findDay = database.prepare('SELECT id, key, used_on FROM day WHERE day = ?');
      this.#dayById = database.prepare('SELECT key FROM day WHERE id = ?');
      this.#addDay = database.prepare(`
        INSERT INTO day (id, day, key, used_on) VALUES (?, ?, ?, ?)
        ON CONFLICT (day) DO UPDATE SET used_on = max(used_on, excluded.used_on)`);
      this.#findPerson = database.prepare('SELECT tag, key, used_on FROM person WHERE name = ?');
      this.#personByTag = database.prepare('SELECT key FROM person WHERE tag = ?');
      this.#addPerson = database.prepare(`
        INSERT INTO person (tag, name, key, used_on) VALUES (?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET used_on = max(used_on, excluded.used_on)`);
      this.#newestUse = database.prepare('SELECT max(used_on) AS day FROM day');
      this.#countUnused = database.prepare(`
        SELECT (SELECT count(*) FROM day WHERE used_on < ?1) +
          (SELECT count(*) FROM person WHERE used_on < ?1) AS n`);
      this.#newestForgotten = database.prepare(
        "SELECT seq FROM sqlite_sequence WHERE name = 'forgotten'",
      );
      this.#forgottenBehind = database.prepare(
        'SELECT id, person, day FROM forgotten WHERE id > ? ORDER BY id',
      );
      stack.move();
    } catch (error) {
      throw toKeyFileError(error, path);
    }
  }

  /** Changes when another thread or process changes the file. */
  get dataVersion(): number {
    return Number(this.#attempt(() => this.#dataVersion.get()?.['data_version']));
  }

  /** A hash of the text that takes this file's secret: 66 bits, in base64url. */
  keyedHash(purpose: string, text: string): string {
    // SHA-512/256 is safe from length extension, so a secret in front makes it a keyed hash.
    return hash('sha512-256', `${this.#secret} ${purpose} ${text}`, 'base64url').slice(0, 11);
  }

  /** A secret of 256 bits for one purpose, as 43 characters of base64url. It never changes. */
  secretFor(purpose: string): string {
    return hash('sha512-256', `${this.#secret} secret of ${purpose}`, 'base64url');
  }

  findDay(day: Day): DayKey | undefined {
    const row = this.#attempt(() => this.#findDay.get(day));
    return row && { id: Number(row['id']), ...storedKey(row) };
  }

  findPerson(identityId: string): PersonKey | undefined {
    const row = this.#attempt(() => this.#findPerson.get(this.#nameOf(identityId)));
    return row && { tag: String(row['tag']), ...storedKey(row) };
  }

  dayKey(id: number): Buffer | undefined {
    return bytesOf(this.#attempt(() => this.#dayById.get(id))?.['key']);
  }

  personKey(tag: PersonTag): Buffer | undefined {
    return bytesOf(this.#attempt(() => this.#personByTag.get(tag))?.['key']);
  }

  /** The last day on which any key sealed something. */
  get newestUse(): Day {
    return Number(this.#attempt(() => this.#newestUse.get()?.['day'] ?? 0));
  }

  /** Creates the missing keys, and marks the others as used on the given day. */
  add(days: ReadonlyMap<Day, Day>, persons: ReadonlyMap<string, Day>): void {
    this.#transact(() => {
      for (const [day, usedOn] of days) {
        this.#addDay.run(randomBytes(6).readUIntBE(0, 6), day, randomBytes(KEY_BYTES), usedOn);
      }
      for (const [identityId, usedOn] of persons) {
        const tag = randomBytes(8).toString('base64url');
        this.#addPerson.run(tag, this.#nameOf(identityId), randomBytes(KEY_BYTES), usedOn);
      }
    });
  }

  /** Forgets the person's key, if there is one. @throws {KeyFileError} */
  forgetPerson(identityId: string, today: Day): void {
    const tag = this.findPerson(identityId)?.tag;
    if (tag === undefined) {
      // Completes an earlier erasure that was interrupted.
      this.#clean();
      return;
    }
    this.#forget('DELETE FROM person WHERE tag = ?', [tag], () => {
      this.#database
        .prepare('INSERT INTO forgotten (person, forgotten_on) VALUES (?, ?)')
        .run(tag, today);
    });
  }

  /** Forgets the keys of all days before this one. @throws {KeyFileError} */
  forgetDaysBefore(day: Day, today: Day): void {
    this.#forget('DELETE FROM day WHERE day < ?', [day], () => {
      this.#database
        .prepare(
          'INSERT INTO forgotten (day, forgotten_on) SELECT id, ? FROM day WHERE day < ? ORDER BY id',
        )
        .run(today, day);
    });
  }

  /**
   * Deletes the keys that sealed nothing on or after the day: all data that they could open is
   * already deleted. @throws {KeyFileError}
   */
  collect(usedBefore: Day): void {
    const unused = this.#attempt(() => this.#countUnused.get(usedBefore)?.['n']);
    if (unused === 0) {
      this.#clean();
      return;
    }
    this.#forget('DELETE FROM person WHERE used_on < ?', [usedBefore], () => {
      this.#database.prepare('DELETE FROM day WHERE used_on < ?').run(usedBefore);
      this.#database.prepare('DELETE FROM forgotten WHERE forgotten_on < ?').run(usedBefore);
    });
  }

  /** The keys forgotten after the one with this id, in order; all of them when this file is an older copy. */
  forgottenBehind(last: number): Forgotten[] {
    const newest = Number(this.#attempt(() => this.#newestForgotten.get()?.['seq'] ?? 0));
    const id = last > newest ? 0 : last;
    return this.#attempt(() => this.#forgottenBehind.all(id)).map((row) => ({
      id: Number(row['id']),
      key: row['person'] === null ? { day: Number(row['day']) } : { person: String(row['person']) },
    }));
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #nameOf(identityId: string): string {
    return this.keyedHash('person', identityId);
  }

  #forget(sql: string, values: readonly (string | number)[], note: () => void): void {
    this.#transact(() => {
      note();
      this.#database.exec('UPDATE file SET is_unclean = 1');
      this.#database.prepare(sql).run(...values);
    });
    this.#clean();
  }

  /** Rewrites the file if it may hold bytes of forgotten keys. */
  #clean(): void {
    this.#attempt(() => {
      const isUnclean = this.#database.prepare('SELECT is_unclean FROM file').get()?.['is_unclean'];
      if (isUnclean !== 1) return;
      this.#database.exec('VACUUM');
      this.#database.exec('UPDATE file SET is_unclean = 0');
    });
  }

  #transact(work: () => void): void {
    this.#attempt(() => transact(this.#database, work));
  }

  #attempt<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw toKeyFileError(error, this.path);
    }
  }
}

/** Creates the tables of an empty file. @throws {KeyFileError} NOT_A_KEY_FILE, NEWER_VERSION, with the file unchanged. */
function create(database: DatabaseSync, path: string): void {
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
    if (isEmpty) {
      database.exec(SCHEMA);
      database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${VERSION}`);
      const [id, secret] = [randomBytes(9), randomBytes(KEY_BYTES)];
      database
        .prepare('INSERT INTO file VALUES (1, ?, ?, 0)')
        .run(id.toString('base64url'), secret.toString('base64url'));
    }
  });
}

const numberOf = (database: DatabaseSync, pragma: string): number =>
  Number(Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]);

type Row = Record<string, unknown>;

const storedKey = (row: Row): StoredKey => ({
  key: bytesOf(row['key']) ?? Buffer.alloc(0),
  usedOn: Number(row['used_on']),
});

const bytesOf = (value: unknown): Buffer | undefined =>
  value instanceof Uint8Array ? Buffer.from(value) : undefined;
