import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { MEMORY_ONLY } from '../config/config.ts';
import { holdAlone } from '../storage/file-lock.ts';
import { KeyFileError } from './key-file-error.ts';

/**
 * Holds the key file against other gateways until it is disposed of: one would collect the keys
 * that another still needs. A folder that can't be used is told of by who keeps something there.
 *
 * @throws {KeyFileError} IN_USE
 */
export function holdKeyFile(path: string): Disposable {
  const nothing = { [Symbol.dispose]() {} };
  if (path === MEMORY_ONLY) return nothing;
  let held: Disposable | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    held = holdAlone(`${path}.lock`);
  } catch {
    return nothing;
  }
  if (held) return held;
  throw new KeyFileError(
    'IN_USE',
    `the key file ${path} is in use by another gateway; stop that one, or set privacy.keys to another file`,
  );
}
