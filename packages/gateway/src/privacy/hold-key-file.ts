import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { MEMORY_ONLY } from '../config/config.ts';
import { holdAlone } from '../storage/file-lock.ts';
import { KeyFileError } from './key-file-error.ts';

/** A key file is held against other gateways until this is disposed of. */
export interface HeldKeyFile extends Disposable {
  /** Only who holds the file may collect its keys: another gateway may still need them. */
  readonly isHeld: boolean;
  /** @throws {KeyFileError} IN_USE when another gateway holds it. */
  assertNotInUse(): void;
}

/** A folder that can't be used is told of by who keeps something there. */
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

/** Undefined when another one has it. */
function lock(path: string): Disposable | 'nothing' | undefined {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return holdAlone(`${path}.lock`);
  } catch {
    return 'nothing';
  }
}
