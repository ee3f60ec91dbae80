import { existsSync } from 'node:fs';
import { KeyFileError } from './key-file-error.ts';
import { Keyring } from './keyring.ts';

/** Names a store of sealed data in messages. */
export interface SealedPlace {
  /** With its article, such as `the journal`. */
  readonly kind: string;
  readonly path: string;
}

/**
 * Opens the key file of a store.
 *
 * @param bound The id of the key file that sealed the store; undefined, when nothing is sealed yet,
 *   accepts any key file.
 * @throws {KeyFileError} OTHER_KEYS when the key file is missing or has another id.
 */
export function openBoundKeyring(
  keys: string,
  bound: string | undefined,
  { kind, path }: SealedPlace,
): Keyring {
  if (bound !== undefined && !existsSync(keys)) {
    throw new KeyFileError(
      'OTHER_KEYS',
      `the key file ${keys} is not there, and without it ${kind} ${path} can’t be read; ` +
        `restore it, or set privacy.keys to its path. If it is lost, move ${kind} away to begin a new one`,
    );
  }
  using stack = new DisposableStack();
  const keyring = stack.use(new Keyring(keys));
  if (bound !== undefined && bound !== keyring.file.id) {
    throw new KeyFileError(
      'OTHER_KEYS',
      `${kind} ${path} was sealed with other keys than those in ${keys}; ` +
        `set privacy.keys to the key file of ${kind}. If it is lost, move ${kind} away to begin a new one`,
    );
  }
  stack.move();
  return keyring;
}
