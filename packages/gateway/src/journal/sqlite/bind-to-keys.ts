import type { DatabaseSync } from 'node:sqlite';
import { openBoundKeyring } from '../../privacy/bound-keyring.ts';
import type { Keyring } from '../../privacy/keyring.ts';

/**
 * Opens the key file that the journal was sealed with; a journal that has none yet keeps to it from
 * now on.
 *
 * @throws {KeyFileError} OTHER_KEYS: without its keys nothing that is in the journal can be read.
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
