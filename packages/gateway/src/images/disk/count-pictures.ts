import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { indexPathOf } from './picture-folder.ts';
import { BUSY_MS } from './picture-index.ts';
import { toImageStoreError } from './to-image-store-error.ts';

/**
 * How many of the pictures in the folder have one of the keys, or were put before the time (ms
 * since the Unix epoch). A gateway may have the folder meanwhile.
 *
 * @throws {ImageStoreError}
 */
export function countPictures(folder: string, keys: readonly string[], before: number): number {
  const path = indexPathOf(folder);
  if (!existsSync(path)) return 0;
  try {
    using database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS });
    const row = database
      .prepare(
        `SELECT count(DISTINCT picture) AS n FROM name
         WHERE at < ? OR key IN (SELECT value FROM json_each(?))`,
      )
      .get(before, JSON.stringify(keys));
    return Number(row?.['n']);
  } catch (error) {
    throw toImageStoreError(error, folder);
  }
}
