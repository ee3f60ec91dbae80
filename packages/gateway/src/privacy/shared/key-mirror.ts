import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { transact } from '../../storage/transact.ts';
import { clean, markUnclean, openKeyDatabase } from '../key-database.ts';
import type { Day } from '../key-file.ts';
import { KeyFileError, toKeyFileError } from '../key-file-error.ts';
import type { Erasure, FileIdentity, KeyId, SharedKey } from './key-messages.ts';
import type { KnownKey } from './known-keys.ts';

/** The keys of the file, without their bytes, and the forgotten ones. */
export interface FileContent {
  readonly file: FileIdentity;
  readonly keys: readonly KnownKey[];
  readonly forgotten: readonly KeyId[];
}

/** A change that happened in the cluster. */
export interface FileChange {
  readonly keys: readonly SharedKey[];
  readonly forgotten: readonly KeyId[];
  readonly erasures: readonly Erasure[];
}

/**
 * The key file of a gateway as a mirror of the keys that gateways share. Forgetting rewrites the
 * file as `KeyFile` does.
 */
export class KeyMirror implements Disposable {
  readonly #path: string;
  readonly #database: DatabaseSync;

  /** Creates the file when it is missing. @throws {KeyFileError} */
  constructor(path: string) {
    this.#path = path;
    try {
      this.#database = openKeyDatabase(path);
    } catch (error) {
      throw toKeyFileError(error, path);
    }
  }

  get content(): FileContent {
    return this.#attempt(() => ({
      file: this.#file,
      keys: [
        ...this.#rows('SELECT id, day AS owner FROM day').map(numberedKey),
        ...this.#rows('SELECT tag AS id, name AS owner FROM person').map(namedKey),
      ],
      forgotten: this.#rows('SELECT coalesce(person, day) AS id FROM forgotten').map(({ id }) =>
        typeof id === 'string' ? id : Number(id),
      ),
    }));
  }

  /**
   * Notes that the gateways of a stream share the file. A file that was never used takes their id
   * and secret.
   *
   * @throws {KeyFileError} OTHER_KEYS when the file has another id and was used.
   */
  share(stream: string, shared: FileIdentity): void {
    this.#transact(() => {
      const own = this.#file;
      if ((own.id !== shared.id || own.secret !== shared.secret) && !this.#isUnused) {
        throw new KeyFileError(
          'OTHER_KEYS',
          `the key file ${this.#path} has other keys than the gateways of the stream ${stream}; ` +
            'move the key file, the journal and the pictures’ folder away, so that this gateway begins with the keys of the cluster. ' +
            'If the cluster is to have the keys of this gateway, delete the stream and start this gateway first',
        );
      }
      this.#database
        .prepare('UPDATE file SET id = ?, secret = ?, shared_by = ?')
        .run(shared.id, shared.secret, stream);
    });
  }

  /** The keys with these ids, as far as the file has them. */
  keys(ids: readonly KeyId[]): SharedKey[] {
    return this.#attempt(() => {
      const day = this.#database.prepare(
        'SELECT id, day AS owner, key, used_on FROM day WHERE id = ?',
      );
      const person = this.#database.prepare(
        'SELECT tag AS id, name AS owner, key, used_on FROM person WHERE tag = ?',
      );
      return ids.flatMap((id) => {
        const row = typeof id === 'number' ? day.get(id) : person.get(id);
        if (!(row?.['key'] instanceof Uint8Array)) return [];
        const known = typeof id === 'number' ? numberedKey(row) : namedKey(row);
        return [{ ...known, key: row['key'], usedOn: Number(row['used_on']) }];
      });
    });
  }

  /**
   * Applies the change in one transaction. Keys that are forgotten stay forgotten.
   *
   * @returns The erasures that the stores of this gateway have not followed yet.
   * @throws {KeyFileError} When repeated, it completes an interrupted call.
   */
  apply({ keys, forgotten, erasures }: FileChange, today: Day): Erasure[] {
    const fresh = this.#transact(() => {
      this.#adopt(keys);
      this.#forget(forgotten, today);
      const followed = this.#database.prepare('SELECT 1 FROM followed_erasure WHERE id = ?');
      return erasures.filter(({ id }) => followed.get(id) === undefined);
    });
    this.clean();
    return fresh;
  }

  /** Notes that the stores of this gateway have followed the erasures. */
  followed(erasures: readonly Erasure[], today: Day): void {
    this.#transact(() => {
      const note = this.#database.prepare('INSERT OR IGNORE INTO followed_erasure VALUES (?, ?)');
      for (const { id } of erasures) note.run(id, today);
    });
  }

  /** Forgets which erasures were followed before the day: their messages are gone. */
  collectFollowed(before: Day): void {
    this.#attempt(() =>
      this.#database.prepare('DELETE FROM followed_erasure WHERE followed_on < ?').run(before),
    );
  }

  /** Rewrites the file if it may hold bytes of forgotten keys. */
  clean(): void {
    this.#attempt(() => clean(this.#database));
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  get #file(): FileIdentity {
    const row = this.#database.prepare('SELECT id, secret FROM file').get() ?? {};
    return { id: String(row['id']), secret: String(row['secret']) };
  }

  /** Whether the file never had a key. */
  get #isUnused(): boolean {
    const used = `SELECT 1 FROM day UNION ALL SELECT 1 FROM person
      UNION ALL SELECT 1 FROM sqlite_sequence WHERE name = 'forgotten' LIMIT 1`;
    return this.#database.prepare(used).get() === undefined;
  }

  #adopt(keys: readonly SharedKey[]): void {
    const day = this.#database.prepare(`
      INSERT OR IGNORE INTO day (id, day, key, used_on) SELECT ?1, ?2, ?3, ?4
      WHERE NOT EXISTS (SELECT 1 FROM forgotten WHERE day = ?1)`);
    const person = this.#database.prepare(`
      INSERT OR IGNORE INTO person (tag, name, key, used_on) SELECT ?1, ?2, ?3, ?4
      WHERE NOT EXISTS (SELECT 1 FROM forgotten WHERE person = ?1)`);
    for (const { id, owner, key, usedOn } of keys) {
      (typeof id === 'number' ? day : person).run(id, owner, key, usedOn);
    }
  }

  #forget(ids: readonly KeyId[], today: Day): void {
    const noteDay = this.#database.prepare(
      'INSERT OR IGNORE INTO forgotten (day, forgotten_on) VALUES (?, ?)',
    );
    const notePerson = this.#database.prepare(
      'INSERT OR IGNORE INTO forgotten (person, forgotten_on) VALUES (?, ?)',
    );
    const deleteDay = this.#database.prepare('DELETE FROM day WHERE id = ?');
    const deletePerson = this.#database.prepare('DELETE FROM person WHERE tag = ?');
    let deleted = 0;
    for (const id of ids) {
      const [note, remove] =
        typeof id === 'number' ? [noteDay, deleteDay] : [notePerson, deletePerson];
      note.run(id, today);
      deleted += Number(remove.run(id).changes);
    }
    if (deleted > 0) markUnclean(this.#database);
  }

  #rows(sql: string): Row[] {
    return this.#database.prepare(sql).all();
  }

  #transact<Result>(work: () => Result): Result {
    return this.#attempt(() => transact(this.#database, work));
  }

  #attempt<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw toKeyFileError(error, this.#path);
    }
  }
}

/**
 * Gives a key file back to one gateway: it creates and forgets keys by itself again. For a gateway
 * that runs without a cluster. Does nothing when the file is missing.
 *
 * @throws {KeyFileError}
 */
export function endSharing(path: string): void {
  if (!existsSync(path)) return;
  try {
    using stack = new DisposableStack();
    const database = openKeyDatabase(path);
    stack.defer(() => database.close());
    database.exec('UPDATE file SET shared_by = NULL WHERE shared_by IS NOT NULL');
  } catch (error) {
    throw toKeyFileError(error, path);
  }
}

type Row = Record<string, unknown>;

const numberedKey = ({ id, owner }: Row): KnownKey => ({ id: Number(id), owner: Number(owner) });

const namedKey = ({ id, owner }: Row): KnownKey => ({ id: String(id), owner: String(owner) });
