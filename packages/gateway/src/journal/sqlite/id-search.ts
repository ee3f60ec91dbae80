import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Keyring } from '../../privacy/keyring.ts';
import type { EventId } from '../recognition.ts';

/** Index entries, or keys of persons, that one step goes through: about a millisecond. */
const STEP = 1_024;

/**
 * Finds the rows that may have an event's id.
 *
 * The file has no index that begins with the id. A row holds a hash of the id, made with the
 * person's key, so that nobody can try persons on the row once that key is forgotten. The search
 * makes the hash with each key that there is, and reads the index by time and id from its newest
 * entry on. It opens no row that has another hash.
 */
export class IdSearch {
  readonly #keyring: Keyring;
  readonly #below: StatementSync;

  constructor(database: DatabaseSync, keyring: Keyring) {
    this.#keyring = keyring;
    this.#below = database.prepare(`
      SELECT position, occurred_at, id FROM event INDEXED BY event_by_id
      WHERE (occurred_at, id) < (?, ?) ORDER BY occurred_at DESC, id DESC LIMIT ${STEP}`);
  }

  /**
   * Yields, step after step, the positions that the step has found; most steps find none.
   *
   * @param isClear Whether rows may hold the id itself.
   */
  *find(id: EventId, isClear: boolean): Generator<readonly number[]> {
    const hashes = new Set<string>(isClear ? [id] : []);
    for (const hash of this.#keyring.hashesOf(id)) {
      hashes.add(hash);
      if (hashes.size % STEP === 0) yield [];
    }
    let [time, last] = [Number.MAX_SAFE_INTEGER, ''];
    for (;;) {
      const rows = this.#below.all(time, last);
      yield rows
        .filter((row) => hashes.has(String(row['id'])))
        .map(({ position }) => Number(position));
      const end = rows.at(-1);
      if (!end || rows.length < STEP) return;
      [time, last] = [Number(end['occurred_at']), String(end['id'])];
    }
  }
}
