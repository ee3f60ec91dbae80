import type { DatabaseSync } from 'node:sqlite';
import { type CursorKey, toCursorKey } from '../cursor.ts';

/** The file's own key, then those of other journals that have stood in for it. */
export type CursorKeys = readonly [own: CursorKey, ...others: CursorKey[]];

/** The file keeps so many keys; beyond this it forgets the oldest, but never its own. */
export const MAX_CURSOR_KEYS = 100;

export function readCursorKeys(database: DatabaseSync): CursorKeys {
  const rows = database.prepare('SELECT key FROM cursor_key ORDER BY id').all();
  const [own, ...others] = rows.map(({ key }) => keyOf(key));
  if (own) return [own, ...others];
  throw new TypeError('the file has no key of cursors');
}

/** From now on cursors of this key are read, too. */
export function addCursorKey(database: DatabaseSync, key: CursorKey): void {
  database.prepare('INSERT OR IGNORE INTO cursor_key (key) VALUES (?)').run(key);
  database
    .prepare(
      `DELETE FROM cursor_key WHERE id > 1 AND id NOT IN
         (SELECT id FROM cursor_key ORDER BY id DESC LIMIT ?)`,
    )
    .run(MAX_CURSOR_KEYS - 1);
}

/** From now on cursors are made with this key; those of the key before are still read. */
export function setCursorKey(database: DatabaseSync, key: CursorKey): void {
  const [own] = readCursorKeys(database);
  if (Buffer.compare(own, key) === 0) return;
  database.prepare('DELETE FROM cursor_key WHERE key = ?').run(key);
  database.prepare('UPDATE cursor_key SET key = ? WHERE id = 1').run(key);
  addCursorKey(database, own);
}

function keyOf(value: unknown): CursorKey {
  if (value instanceof Uint8Array) return toCursorKey(value);
  throw new TypeError('a key of cursors in the file is not a blob');
}
