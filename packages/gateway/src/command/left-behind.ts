import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { MEMORY_ONLY, type Places } from '../config/config.ts';
import { folderOf } from '../config/places.ts';

/**
 * The journal that is not used although it looks as if it should be: the same relative path, seen
 * from the working directory, from which paths counted before. Undefined where the configured
 * place has a journal.
 */
export function leftBehind(file: string, { journal }: Places): string | undefined {
  if (journal.path === MEMORY_ONLY || existsSync(journal.path)) return undefined;
  const before = resolve(relative(folderOf(file), journal.path));
  return existsSync(before) ? before : undefined;
}
