import type { DatabaseSync } from 'node:sqlite';
import { openBoundKeyring } from '../../privacy/bound-keyring.ts';
import type { Keyring } from '../../privacy/keyring.ts';

/**
 * Opens the journal's key file. A journal that has none yet is bound to this one.
 *
 * @throws {KeyFileError} OTHER_KEYS when the key file is missing or is not the journal's.
 */
export function bindToKeys(database: DatabaseSync, path: string, keys: string): Keyring {
  const found = database.prepare('SELECT key_file FROM sealing').get()?.['key_file'];
  const bound = typeof found === 'string' ? found : undefined;
  using stack = new DisposableStack();
  const keyring = stack.use(openBoundKeyring(keys, bound, { kind: 'the journal', path }));
  if (bound === undefined) {
    database.prepare('UPDATE sealing SET key_file = ?').run(keyring.file.id);
  }
  stack.move();
  return keyring;
}
