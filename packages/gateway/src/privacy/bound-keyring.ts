import { existsSync } from 'node:fs';
import { KeyFileError } from './key-file-error.ts';
import { Keyring } from './keyring.ts';

/** What was sealed, as messages say it. */
export interface SealedPlace {
  /** For example: the journal. */
  readonly kind: string;
  readonly path: string;
}

/**
 * Opens the key file that something was sealed with.
 *
 * @param bound The id of that file; undefined when nothing was sealed yet: then any file will do.
 * @throws {KeyFileError} OTHER_KEYS: without its keys nothing that was sealed can be read.
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
        `restore it, or set privacy.keys to where it is. If it is lost, move ${kind} away to begin a new one`,
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
