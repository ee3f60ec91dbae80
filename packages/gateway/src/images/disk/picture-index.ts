import { closeSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { heaviest, type Shares } from '../../storage/shares.ts';
import { ImageStoreError } from '../image-store-error.ts';

/** So long another program may hold the index up. */
export const BUSY_MS = 1_000;

/** Names that go at once. */
const STEP_NAMES = 100;

/** Each brings an index of the version before it (its place) to the next; never changed once released. */
const MIGRATIONS: readonly string[] = [
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
];

const VERSION = MIGRATIONS.length;

export interface Named {
  readonly hash: string;
  readonly at: number;
}

export interface PutPicture extends Named {
  readonly key: string;
  readonly owner: string;
  readonly bytes: number;
}

/** What a change has taken out. */
export interface Removed {
  /** Of the pictures that nobody can ask for any more. */
  readonly hashes: readonly string[];
  /** What they, or others of them, were asked for by. */
  readonly keys: readonly string[];
}

export interface IndexOptions {
  /**
   * Removes pictures that nobody can ask for any more; where it throws, the index goes on knowing
   * all of them, so that they can be removed again.
   */
  readonly removeFiles: (hashes: readonly string[]) => void;
  /** Of the bytes that pictures may have. Default: equal ones. */
  readonly shares?: Shares;
}

/** Which pictures are there, and by which keys they are asked for. Errors of SQLite come through. */
export class PictureIndex implements Disposable {
  readonly #database: DatabaseSync;
  readonly #removeFiles: (hashes: readonly string[]) => void;
  readonly #shares: Shares;
  /** What the names of each owner show, each picture once, in bytes. */
  #held = new Map<string, number>();
  readonly #find: StatementSync;
  readonly #findPicture: StatementSync;
  readonly #addPicture: StatementSync;
  readonly #putName: StatementSync;
  readonly #nameOf: StatementSync;
  readonly #namesOf: StatementSync;
  readonly #dropName: StatementSync;
  readonly #dropPicture: StatementSync;
  readonly #oldest: StatementSync;
  readonly #oldestOf: StatementSync;
  readonly #isShown: StatementSync;
  readonly #newest: StatementSync;
  readonly #clampTimes: StatementSync;
  #pictures = 0;
  #bytes = 0;

  /**
   * @param isDamaged The one that is there is of no use, and a new one is begun.
   * @throws {ImageStoreError} NEWER_VERSION
   */
  constructor(path: string, isDamaged: boolean, { removeFiles, shares = new Map() }: IndexOptions) {
    this.#removeFiles = removeFiles;
    this.#shares = shares;
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
      database.exec(`BEGIN IMMEDIATE; ${migrations} PRAGMA user_version = ${VERSION}; COMMIT`);
    }
    this.#database = database;
    this.#find = database.prepare(
      'SELECT hash, at FROM name JOIN picture ON picture.id = name.picture WHERE key = ?',
    );
    this.#findPicture = database.prepare('SELECT id FROM picture WHERE hash = ?');
    this.#addPicture = database.prepare('INSERT INTO picture (hash, bytes) VALUES (?, ?)');
    this.#putName = database.prepare(`
      INSERT INTO name (key, picture, at, owner) VALUES (?, ?, ?, ?)
      ON CONFLICT (key) DO UPDATE
      SET picture = excluded.picture, at = excluded.at, owner = excluded.owner`);
    this.#nameOf = database.prepare(
      'SELECT picture, owner, bytes FROM name JOIN picture ON picture.id = picture WHERE key = ?',
    );
    this.#namesOf = database.prepare('SELECT key FROM name WHERE picture = ?');
    this.#dropName = database.prepare('DELETE FROM name WHERE key = ?');
    this.#dropPicture = database.prepare(`
      DELETE FROM picture WHERE id = ? AND NOT EXISTS (SELECT 1 FROM name WHERE picture = id)
      RETURNING hash, bytes`);
    this.#oldest = database.prepare(`
      SELECT key, at FROM name
      WHERE picture NOT IN (
        SELECT id FROM picture WHERE hash IN (SELECT value FROM json_each(?)))
      ORDER BY at, picture LIMIT ?`);
    this.#oldestOf = database.prepare(`
      SELECT key FROM name
      WHERE owner = ? AND picture NOT IN (
        SELECT id FROM picture WHERE hash IN (SELECT value FROM json_each(?)))
      ORDER BY at, picture LIMIT 1`);
    this.#isShown = database.prepare('SELECT 1 FROM name WHERE picture = ? AND owner = ? LIMIT 1');
    this.#newest = database.prepare('SELECT max(at) AS at FROM name');
    this.#clampTimes = database.prepare('UPDATE name SET at = ?1 WHERE at > ?1');
    const totals = database.prepare('SELECT count(*) AS n, total(bytes) AS bytes FROM picture');
    const row = totals.get() ?? {};
    this.#pictures = Number(row['n']);
    this.#bytes = Number(row['bytes']);
    const held = database.prepare(`
      SELECT shown.owner, sum(bytes) AS bytes
      FROM (SELECT DISTINCT owner, picture FROM name) AS shown
      JOIN picture ON picture.id = shown.picture GROUP BY shown.owner`);
    for (const each of held.all()) this.#held.set(String(each['owner']), Number(each['bytes']));
    stack.move();
  }

  get pictures(): number {
    return this.#pictures;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get newestAt(): number | undefined {
    const at = this.#newest.get()?.['at'];
    return typeof at === 'number' ? at : undefined;
  }

  find(key: string): Named | undefined {
    const row = this.#find.get(key);
    return row && { hash: String(row['hash']), at: Number(row['at']) };
  }

  has(hash: string): boolean {
    return this.#findPicture.get(hash) !== undefined;
  }

  /** Keys that named other pictures before name these from now on. */
  put(entries: readonly PutPicture[]): Removed {
    return this.#change((removed) => {
      for (const { key, owner, hash, at, bytes } of entries) {
        const before = this.#nameOf.get(key);
        const picture = this.#idOf(hash, bytes);
        if (!this.#isShown.get(picture, owner)) this.#hold(owner, bytes);
        this.#putName.run(key, picture, at, owner);
        if (before) this.#unnamed(before, removed.hashes);
      }
    });
  }

  /** These keys; with `shared`, also all others of their pictures. */
  remove(keys: readonly string[], shared: boolean): Removed {
    return this.#change((removed) => {
      for (const key of keys) this.#removeName(key, shared, removed);
    });
  }

  /** What claims to have been put later was put now at the latest, by a clock that was ahead. */
  believeUntil(now: number): void {
    this.#clampTimes.run(now);
  }

  /**
   * What was put at the time or before, and then what is too many bytes, the oldest first of the
   * owner that has the most for its share: as much of it as one step takes.
   *
   * @param except Hashes of pictures that stay.
   */
  removeOldest(until: number, maxBytes: number, except: readonly string[]): Removed {
    const staying = JSON.stringify(except);
    return this.#change((removed) => {
      for (const row of this.#oldest.all(staying, STEP_NAMES)) {
        if (Number(row['at']) > until) break;
        this.#removeName(String(row['key']), false, removed);
      }
      const others = new Map(this.#held);
      while (this.#bytes > maxBytes && removed.keys.length < STEP_NAMES) {
        const owner = heaviest(others, this.#shares);
        if (owner === undefined) break;
        const oldest = this.#oldestOf.get(owner, staying);
        if (oldest) this.#removeName(String(oldest['key']), false, removed);
        const left = oldest ? this.#held.get(owner) : undefined;
        if (left === undefined) others.delete(owner);
        else others.set(owner, left);
      }
    });
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #idOf(hash: string, bytes: number): number {
    const known = this.#findPicture.get(hash)?.['id'];
    if (known !== undefined) return Number(known);
    this.#pictures += 1;
    this.#bytes += bytes;
    return Number(this.#addPicture.run(hash, bytes).lastInsertRowid);
  }

  #removeName(key: string, shared: boolean, removed: { hashes: string[]; keys: string[] }): void {
    const named = this.#nameOf.get(key);
    if (!named) return;
    const keys = shared
      ? this.#namesOf.all(Number(named['picture'])).map((row) => String(row['key']))
      : [key];
    for (const each of keys) {
      const name = this.#nameOf.get(each);
      this.#dropName.run(each);
      if (name) this.#unnamed(name, removed.hashes);
    }
    removed.keys.push(...keys);
  }

  /** A name of the picture went. */
  #unnamed(name: Record<string, unknown>, hashes: string[]): void {
    const [picture, owner] = [Number(name['picture']), String(name['owner'])];
    if (!this.#isShown.get(picture, owner)) this.#hold(owner, -Number(name['bytes']));
    this.#dropUnnamed(picture, hashes);
  }

  #hold(owner: string, bytes: number): void {
    const held = (this.#held.get(owner) ?? 0) + bytes;
    if (held > 0) this.#held.set(owner, held);
    else this.#held.delete(owner);
  }

  #dropUnnamed(id: number, hashes: string[]): void {
    const row = this.#dropPicture.get(id);
    if (!row) return;
    hashes.push(String(row['hash']));
    this.#pictures -= 1;
    this.#bytes -= Number(row['bytes']);
  }

  #change(work: (removed: { hashes: string[]; keys: string[] }) => void): Removed {
    const totals = [this.#pictures, this.#bytes, new Map(this.#held)] as const;
    const removed: { hashes: string[]; keys: string[] } = { hashes: [], keys: [] };
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work(removed);
      // What one key no longer names, another one of the same change may.
      const hashes = removed.hashes.filter((hash) => !this.has(hash));
      this.#removeFiles(hashes);
      this.#database.exec('COMMIT');
      return { ...removed, hashes };
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      [this.#pictures, this.#bytes, this.#held] = totals;
      throw error;
    }
  }
}

const newerVersion = (path: string, version: number): ImageStoreError =>
  new ImageStoreError(
    'NEWER_VERSION',
    `the pictures' folder ${dirname(path)} was written by a newer gateway (version ${version}, this one knows ${VERSION}); run that one, or set images.path to another folder`,
  );
