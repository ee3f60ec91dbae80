import { hash } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { transact } from '../storage/transact.ts';
import {
  clean,
  markUnclean,
  newDayId,
  newKey,
  newPersonTag,
  openKeyDatabase,
} from './key-database.ts';
import { KeyFileError, toKeyFileError } from './key-file-error.ts';

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
 *
 * While gateways share the keys, only `SharedKeys` creates and forgets keys in the file.
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
  readonly #useDay: StatementSync;
  readonly #addDay: StatementSync;
  readonly #findPerson: StatementSync;
  readonly #personByTag: StatementSync;
  readonly #tagsByName: StatementSync;
  readonly #personKeys: StatementSync;
  readonly #usePerson: StatementSync;
  readonly #addPerson: StatementSync;
  readonly #newestUse: StatementSync;
  readonly #countUnused: StatementSync;
  readonly #newestForgotten: StatementSync;
  readonly #forgottenBehind: StatementSync;
  readonly #sharedBy: StatementSync;

  /** Creates the file when it is missing. @throws {KeyFileError} */
  constructor(path: string) {
    this.path = path;
    try {
      using stack = new DisposableStack();
      const database = openKeyDatabase(path);
      stack.defer(() => database.close());
      this.#database = database;
      const row = database.prepare('SELECT id, secret FROM file').get() ?? {};
      this.id = String(row['id']);
      this.#secret = String(row['secret']);
      this.#dataVersion = database.prepare('PRAGMA data_version');
      this.#findDay = database.prepare(
        'SELECT id, key, used_on FROM day WHERE day = ? ORDER BY id LIMIT 1',
      );
      this.#dayById = database.prepare('SELECT key FROM day WHERE id = ?');
      this.#useDay = database.prepare('UPDATE day SET used_on = max(used_on, ?) WHERE day = ?');
      this.#addDay = database.prepare(
        'INSERT INTO day (id, day, key, used_on) VALUES (?, ?, ?, ?)',
      );
      this.#findPerson = database.prepare(
        'SELECT tag, key, used_on FROM person WHERE name = ? ORDER BY tag LIMIT 1',
      );
      this.#personByTag = database.prepare('SELECT key FROM person WHERE tag = ?');
      this.#tagsByName = database.prepare('SELECT tag FROM person WHERE name = ? ORDER BY tag');
      this.#personKeys = database.prepare('SELECT key FROM person');
      this.#usePerson = database.prepare(
        'UPDATE person SET used_on = max(used_on, ?) WHERE name = ?',
      );
      this.#addPerson = database.prepare(
        'INSERT INTO person (tag, name, key, used_on) VALUES (?, ?, ?, ?)',
      );
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
      this.#sharedBy = database.prepare('SELECT shared_by FROM file');
      stack.move();
    } catch (error) {
      throw toKeyFileError(error, path);
    }
  }

  /** Changes when another thread or process changes the file. */
  get dataVersion(): number {
    return Number(this.#attempt(() => this.#dataVersion.get()?.['data_version']));
  }

  /** The stream through which gateways share the keys; undefined when the file has its own. */
  get sharedBy(): string | undefined {
    const stream = this.#attempt(() => this.#sharedBy.get()?.['shared_by']);
    return typeof stream === 'string' ? stream : undefined;
  }

  /** A hash of the text that takes this file's secret: 66 bits, in base64url. */
  keyedHash(purpose: string, text: string): string {
    return keyedHash(this.#secret, purpose, text);
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

  /** The keys of all persons. */
  get personKeys(): Buffer[] {
    return this.#attempt(() => this.#personKeys.all()).flatMap(({ key }) => bytesOf(key) ?? []);
  }

  /** The last day on which any key sealed something. */
  get newestUse(): Day {
    return Number(this.#attempt(() => this.#newestUse.get()?.['day'] ?? 0));
  }

  /** The tags of the person's keys. */
  tagsOf(identityId: string): PersonTag[] {
    const rows = this.#attempt(() => this.#tagsByName.all(this.#nameOf(identityId)));
    return rows.map(({ tag }) => String(tag));
  }

  /** Creates the missing keys unless the file is shared, and marks the others as used on the given day. */
  add(days: ReadonlyMap<Day, Day>, persons: ReadonlyMap<string, Day>): void {
    this.#transact(() => {
      const isShared = this.sharedBy !== undefined;
      for (const [day, usedOn] of days) {
        const isThere = this.#useDay.run(usedOn, day).changes > 0;
        if (!isThere && !isShared) this.#addDay.run(newDayId(), day, newKey(), usedOn);
      }
      for (const [identityId, usedOn] of persons) {
        const name = this.#nameOf(identityId);
        const isThere = this.#usePerson.run(usedOn, name).changes > 0;
        if (!isThere && !isShared) this.#addPerson.run(newPersonTag(), name, newKey(), usedOn);
      }
    });
  }

  /** Forgets the person's keys, if there are any. @throws {KeyFileError} SHARED when the file is shared. */
  forgetPerson(identityId: string, today: Day): void {
    this.#forget(
      'INSERT INTO forgotten (person, forgotten_on) SELECT tag, ? FROM person WHERE name = ?',
      'DELETE FROM person WHERE name = ?',
      { today, value: this.#nameOf(identityId) },
    );
  }

  /** Forgets the keys of all days before this one. @throws {KeyFileError} SHARED when the file is shared. */
  forgetDaysBefore(day: Day, today: Day): void {
    this.#forget(
      'INSERT INTO forgotten (day, forgotten_on) SELECT id, ? FROM day WHERE day < ? ORDER BY id',
      'DELETE FROM day WHERE day < ?',
      { today, value: day },
    );
  }

  /**
   * Deletes the keys that sealed nothing on or after the day: all data that they could open is
   * already deleted. Deletes nothing while the file is shared: another gateway may use the keys.
   *
   * @throws {KeyFileError}
   */
  collect(usedBefore: Day): void {
    if (this.sharedBy !== undefined) return;
    const unused = this.#attempt(() => this.#countUnused.get(usedBefore)?.['n']);
    if (unused !== 0) {
      this.#transact(() => {
        markUnclean(this.#database);
        this.#database.prepare('DELETE FROM person WHERE used_on < ?').run(usedBefore);
        this.#database.prepare('DELETE FROM day WHERE used_on < ?').run(usedBefore);
        this.#database.prepare('DELETE FROM forgotten WHERE forgotten_on < ?').run(usedBefore);
      });
    }
    this.#clean();
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

  /** Notes the keys as forgotten, then deletes them. */
  #forget(
    note: string,
    remove: string,
    { today, value }: { readonly today: Day; readonly value: string | number },
  ): void {
    this.#transact(() => {
      const noted = this.#database.prepare(note).run(today, value).changes;
      if (noted === 0) return;
      if (this.sharedBy !== undefined) {
        throw new KeyFileError(
          'SHARED',
          `the keys in ${this.path} are shared by the gateways of the stream ${this.sharedBy}, and only a running gateway of this cluster can forget them; run this again where one runs`,
        );
      }
      markUnclean(this.#database);
      this.#database.prepare(remove).run(value);
    });
    // Also completes an earlier erasure that was interrupted.
    this.#clean();
  }

  #clean(): void {
    this.#attempt(() => clean(this.#database));
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

/** A hash of the text that takes the secret of a key file: 66 bits, in base64url. */
export const keyedHash = (secret: string, purpose: string, text: string): string =>
  // SHA-512/256 is safe from length extension, so a secret in front makes it a keyed hash.
  hash('sha512-256', `${secret} ${purpose} ${text}`, 'base64url').slice(0, 11);

type Row = Record<string, unknown>;

const storedKey = (row: Row): StoredKey => ({
  key: bytesOf(row['key']) ?? Buffer.alloc(0),
  usedOn: Number(row['used_on']),
});

const bytesOf = (value: unknown): Buffer | undefined =>
  value instanceof Uint8Array ? Buffer.from(value) : undefined;
