import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { PersonTag } from '../../privacy/key-file.ts';
import type { SealedBy } from '../../privacy/keyring.ts';
import { heaviest, type Shares } from '../../storage/shares.ts';
import { transact } from '../../storage/transact.ts';
import { openIndex } from './index-schema.ts';
import type { PictureSeal } from './sealed-picture.ts';

/** Names, or pictures with all their names, that go at once. */
const STEP = 100;

export interface Named {
  /** The name of the file. */
  readonly hash: string;
  readonly at: number;
  /** Undefined for what an older gateway wrote in clear. */
  readonly sealedBy: SealedBy | undefined;
}

export interface PutPicture {
  readonly key: string;
  readonly owner: string;
  readonly at: number;
  /** The earliest of `at` and the times of its event. */
  readonly since: number;
  readonly hash: string;
  readonly bytes: number;
  readonly seal: PictureSeal;
}

/** What can't be read any more, or stands for a stranger who is to go. */
export interface ForgottenSeals {
  /** None of them is empty. */
  readonly tags: readonly PersonTag[];
  readonly days: readonly number[];
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
  readonly #older: StatementSync;
  readonly #alike: StatementSync;
  readonly #sealedBy: StatementSync;
  readonly #hasClear: StatementSync;
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
    using stack = new DisposableStack();
    const database = openIndex(path, isDamaged);
    stack.defer(() => database.close());
    this.#database = database;
    this.#find = database.prepare(
      'SELECT hash, at, day_key, person FROM name JOIN picture ON picture.id = picture WHERE key = ?',
    );
    this.#findPicture = database.prepare('SELECT id FROM picture WHERE hash = ?');
    this.#addPicture = database.prepare(`
      INSERT INTO picture (hash, bytes, day_key, person, stranger, content)
      VALUES (?, ?, ?, ?, ?, ?)`);
    this.#putName = database.prepare(
      'INSERT OR REPLACE INTO name (key, picture, at, since, owner) VALUES (?, ?, ?, ?, ?)',
    );
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
    this.#older = database.prepare(`
      SELECT key FROM name
      WHERE since < ? AND picture NOT IN (
        SELECT id FROM picture WHERE hash IN (SELECT value FROM json_each(?)))
      ORDER BY since, picture LIMIT ${STEP}`);
    this.#alike = database.prepare(`
      SELECT ?1 AS id UNION
      SELECT other.id FROM picture
      JOIN picture AS other USING (day_key, content) WHERE picture.id = ?1`);
    this.#sealedBy = database.prepare(`
      SELECT id FROM picture
      WHERE id IN (
        SELECT id FROM picture
        WHERE person <> '' AND person IN (SELECT value FROM json_each(?1))
        UNION ALL SELECT id FROM picture
        WHERE stranger <> '' AND stranger IN (SELECT value FROM json_each(?1))
        UNION ALL SELECT id FROM picture WHERE day_key IN (SELECT value FROM json_each(?2)))
      AND (day_key, content) NOT IN (
        SELECT day_key, content FROM picture
        WHERE hash IN (SELECT value FROM json_each(?3)) AND day_key IS NOT NULL)
      LIMIT ${STEP}`);
    this.#hasClear = database.prepare('SELECT 1 FROM picture WHERE day_key IS NULL LIMIT 1');
    this.#isShown = database.prepare('SELECT 1 FROM name WHERE picture = ? AND owner = ? LIMIT 1');
    this.#newest = database.prepare('SELECT max(at) AS at FROM name');
    this.#clampTimes = database.prepare(
      'UPDATE name SET at = ?1, since = min(since, ?1) WHERE at > ?1',
    );
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

  /** The id of the key file that pictures are sealed with; undefined before the first. */
  get keyFile(): string | undefined {
    const id = this.#database.prepare('SELECT key_file FROM sealing').get()?.['key_file'];
    return typeof id === 'string' ? id : undefined;
  }

  bindTo(keyFile: string): void {
    this.#database.prepare('UPDATE sealing SET key_file = ?').run(keyFile);
  }

  /** Of what the key file has forgotten, the id of the last that is gone. */
  get forgotten(): number {
    return Number(this.#database.prepare('SELECT forgotten FROM sealing').get()?.['forgotten']);
  }

  /** All that the key file had forgotten up to this one is gone. */
  followedTo(id: number): void {
    this.#database.prepare('UPDATE sealing SET forgotten = ?').run(id);
  }

  /** Whether there are pictures that an older gateway wrote in clear. */
  get hasClear(): boolean {
    return this.#hasClear.get() !== undefined;
  }

  find(key: string): Named | undefined {
    const row = this.#find.get(key);
    if (!row) return undefined;
    const { hash, at, day_key: day, person } = row;
    const sealedBy = day === null ? undefined : { day: Number(day), person: String(person) };
    return { hash: String(hash), at: Number(at), sealedBy };
  }

  has(hash: string): boolean {
    return this.#findPicture.get(hash) !== undefined;
  }

  /** Keys that named other pictures before name these from now on. */
  put(entries: readonly PutPicture[]): Removed {
    return this.#change((removed) => {
      for (const entry of entries) {
        const { key, owner, at, since, bytes } = entry;
        const before = this.#nameOf.get(key);
        const picture = this.#idOf(entry);
        if (!this.#isShown.get(picture, owner)) this.#hold(owner, bytes);
        this.#putName.run(key, picture, at, since, owner);
        if (before) this.#unnamed(before, removed.hashes);
      }
    });
  }

  /** The pictures that these keys name, and those of the same day that show the same. */
  removeShown(keys: readonly string[]): Removed {
    return this.#change((removed) => {
      for (const key of keys) {
        const named = this.#nameOf.get(key);
        if (named) this.#removeAlike(Number(named['picture']), removed);
      }
    });
  }

  /** The picture alone, under all its keys. */
  removePicture(hash: string): Removed {
    return this.#change((removed) => {
      const picture = this.#findPicture.get(hash);
      if (picture) this.#removePicture(Number(picture['id']), removed);
    });
  }

  /**
   * What is sealed by a key of these, and what shows the same on the same day: as much of it as
   * one step takes.
   *
   * @param except Hashes of pictures that stay.
   */
  removeSealed({ tags, days }: ForgottenSeals, except: readonly string[]): Removed {
    const [some, of, staying] = [tags, days, except].map((each) => JSON.stringify(each));
    return this.#change((removed) => {
      for (const { id } of this.#sealedBy.all(some ?? '', of ?? '', staying ?? '')) {
        this.#removeAlike(Number(id), removed);
      }
    });
  }

  /** What was put before the time, or is of an event before it: as much of it as one step takes. */
  removeBefore(time: number, except: readonly string[]): Removed {
    return this.#change((removed) => {
      for (const { key } of this.#older.all(time, JSON.stringify(except))) {
        this.#removeName(String(key), removed);
      }
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
      for (const row of this.#oldest.all(staying, STEP)) {
        if (Number(row['at']) > until) break;
        this.#removeName(String(row['key']), removed);
      }
      const others = new Map(this.#held);
      while (this.#bytes > maxBytes && removed.keys.length < STEP) {
        const owner = heaviest(others, this.#shares);
        if (owner === undefined) break;
        const oldest = this.#oldestOf.get(owner, staying);
        if (oldest) this.#removeName(String(oldest['key']), removed);
        const left = oldest ? this.#held.get(owner) : undefined;
        if (left === undefined) others.delete(owner);
        else others.set(owner, left);
      }
    });
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #idOf({ hash, bytes, seal: { day, person, stranger, content } }: PutPicture): number {
    const known = this.#findPicture.get(hash)?.['id'];
    if (known !== undefined) return Number(known);
    this.#pictures += 1;
    this.#bytes += bytes;
    const { lastInsertRowid } = this.#addPicture.run(hash, bytes, day, person, stranger, content);
    return Number(lastInsertRowid);
  }

  #removeAlike(picture: number, removed: Removing): void {
    for (const { id } of this.#alike.all(picture)) this.#removePicture(Number(id), removed);
  }

  #removePicture(picture: number, removed: Removing): void {
    for (const { key } of this.#namesOf.all(picture)) this.#removeName(String(key), removed);
  }

  #removeName(key: string, removed: Removing): void {
    const named = this.#nameOf.get(key);
    if (!named) return;
    this.#dropName.run(key);
    this.#unnamed(named, removed.hashes);
    removed.keys.push(key);
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

  #change(work: (removed: Removing) => void): Removed {
    const totals = [this.#pictures, this.#bytes, new Map(this.#held)] as const;
    const removed: Removing = { hashes: [], keys: [] };
    try {
      return transact(this.#database, () => {
        work(removed);
        // What one key no longer names, another one of the same change may.
        const hashes = removed.hashes.filter((hash) => !this.has(hash));
        this.#removeFiles(hashes);
        return { ...removed, hashes };
      });
    } catch (error) {
      [this.#pictures, this.#bytes, this.#held] = totals;
      throw error;
    }
  }
}

/** While it changes. */
interface Removing {
  readonly hashes: string[];
  readonly keys: string[];
}
