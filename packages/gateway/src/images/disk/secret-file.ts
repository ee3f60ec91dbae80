import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { isKeySecret, type KeySecret } from '../image-keys.ts';

export const secretPathOf = (folder: string): string => join(folder, 'secret');

/**
 * Reads the secret of the folder: with it the addresses in history go on working after a restart.
 * A folder without one gets `own`, and so does a folder whose file holds anything but 256 bits (a
 * power cut left it empty, say): whoever guessed the secret could compute every address.
 *
 * The folder is locked, so nobody else writes it.
 *
 * @returns the secret, and whether one that was no secret had to be replaced.
 * @throws what the system says.
 */
export function readSecret(
  folder: string,
  own: KeySecret,
): { readonly secret: KeySecret; readonly isReplaced: boolean } {
  const path = secretPathOf(folder);
  const found = readIfThere(path);
  if (found !== undefined && isKeySecret(found)) return { secret: found, isReplaced: false };
  // Whole or not at all, also after a power cut.
  const draft = join(folder, `secret.${randomUUID()}`);
  try {
    writeDurably(draft, own);
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
  syncFolder(folder);
  return { secret: own, isReplaced: found !== undefined };
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function writeDurably(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** A name is durable once its folder is. */
function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
