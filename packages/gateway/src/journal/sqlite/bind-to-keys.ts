import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { KeyFileError } from '../../privacy/key-file-error.ts';
import { Keyring } from '../../privacy/keyring.ts';

/**
 * Opens the key file that the journal was sealed with; a journal that has none yet keeps to it from
 * now on.
 *
 * @throws {KeyFileError} OTHER_KEYS: without its keys nothing that is in the journal can be read.
 */
export function bindToKeys(database: DatabaseSync, path: string, keys: string): Keyring {
  const bound = database.prepare('SELECT key_file FROM sealing').get()?.['key_file'];
  if (typeof bound === 'string' && !existsSync(keys)) {
    throw new KeyFileError(
      'OTHER_KEYS',
      `the key file ${keys} is not there, and without it the journal ${path} can’t be read; ` +
        'restore it, or set privacy.keys to where it is. If it is lost, move the journal away to begin a new one',
    );
  }
  using stack = new DisposableStack();
  const keyring = stack.use(new Keyring(keys));
  if (typeof bound === 'string' && bound !== keyring.file.id) {
    throw new KeyFileError(
      'OTHER_KEYS',
      `the journal ${path} was sealed with other keys than those in ${keys}; ` +
        'set privacy.keys to the key file of this journal. If it is lost, move the journal away to begin a new one',
    );
  }
  if (bound === null) {
    database.prepare('UPDATE sealing SET key_file = ?').run(keyring.file.id);
  }
  stack.move();
  return keyring;
}
