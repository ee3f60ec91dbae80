import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { MEMORY_ONLY } from '../config/config.ts';
import { holdAlone } from '../storage/file-lock.ts';
import { KeyFileError, toKeyFileError } from './key-file-error.ts';

/**
 * Holds the key file against other gateways until it is disposed of: one would collect the keys
 * that another still needs.
 *
 * @throws {KeyFileError} IN_USE; what else is wrong with its folder.
 */
export function holdKeyFile(path: string): Disposable {
  if (path === MEMORY_ONLY) return { [Symbol.dispose]() {} };
  let held: Disposable | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    held = holdAlone(`${path}.lock`);
  } catch (error) {
    throw toKeyFileError(error, path);
  }
  if (held) return held;
  throw new KeyFileError(
    'IN_USE',
    `the key file ${path} is in use by another gateway; stop that one, or set privacy.keys to another file`,
  );
}
