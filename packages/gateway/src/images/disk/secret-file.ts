import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeySecret } from '../image-keys.ts';

/**
 * The secret of the folder, which is `own` when it had none: with it the addresses in history
 * go on working after a restart.
 *
 * @throws what the system says.
 */
export function readSecret(folder: string, own: KeySecret): KeySecret {
  const path = join(folder, 'secret');
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  // Whole or not at all, and the first one stays.
  const draft = join(folder, `secret.${randomUUID()}`);
  try {
    writeFileSync(draft, own, { mode: 0o600, flag: 'wx' });
    linkSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(path, 'utf8');
}
