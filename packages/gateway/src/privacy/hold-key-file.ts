import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { MEMORY_ONLY } from '../config/config.ts';
import { holdAlone } from '../storage/file-lock.ts';
import { KeyFileError } from './key-file-error.ts';

/** Keeps other gateways from a key file until it is disposed of. */
export interface HeldKeyFile extends Disposable {
  /** Whether this process has the lock. Without it, keys must not be collected: another gateway may need them. */
  readonly isHeld: boolean;
  /** @throws {KeyFileError} IN_USE when another gateway holds it. */
  assertNotInUse(): void;
}

/** Locks the key file. Ignores a folder that can't be used: opening the stores reports it. */
export function holdKeyFile(path: string): HeldKeyFile {
  const held = path === MEMORY_ONLY ? 'nothing' : lock(path);
  return {
    isHeld: typeof held === 'object',
    assertNotInUse() {
      if (held !== undefined) return;
      throw new KeyFileError(
        'IN_USE',
        `the key file ${path} is in use by another gateway; stop that one, or set privacy.keys to another file`,
      );
    },
    [Symbol.dispose]() {
      if (typeof held === 'object') held[Symbol.dispose]();
    },
  };
}

/** Undefined when another gateway has the lock; `nothing` when no lock can be made. */
function lock(path: string): Disposable | 'nothing' | undefined {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return holdAlone(`${path}.lock`);
  } catch {
    return 'nothing';
  }
}
