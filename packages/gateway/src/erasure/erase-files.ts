import { existsSync } from 'node:fs';
import { type GatewayConfig, MEMORY_ONLY } from '../config/config.ts';
import { openDiskImageStore } from '../images/disk/disk-image-store.ts';
import { createMemoryImageStore } from '../images/memory-image-store.ts';
import type { ErasureProgress, ErasureTarget } from '../journal/erasure.ts';
import { createMemoryJournal } from '../journal/memory-journal.ts';
import { openSqliteJournal } from '../journal/sqlite/sqlite-journal.ts';
import { type ErasureReport, erase } from './erase.ts';

/**
 * Erases from the files of a gateway that does not run, which is kept from starting meanwhile.
 * What is not there is not made.
 *
 * @throws {JournalError} IN_USE when it runs; else as `erase` does.
 */
export async function eraseFiles(
  config: Pick<GatewayConfig, 'journal' | 'images'>,
  target: ErasureTarget,
  progress: (progress: ErasureProgress) => void,
): Promise<ErasureReport> {
  await using parts = new AsyncDisposableStack();
  const { path, sync, ...limits } = config.journal;
  const isThere = (place: string) => place !== MEMORY_ONLY && existsSync(place);
  const journal = parts.use(
    isThere(path) ? await openSqliteJournal({ path, sync, limits }) : createMemoryJournal(),
  );
  const { path: folder, ...bounds } = config.images;
  const images = parts.use(
    isThere(folder)
      ? await openDiskImageStore({
          path: folder,
          limits: bounds,
          isKeeping: false,
          observer: SILENT,
        })
      : createMemoryImageStore(bounds),
  );
  return await erase(target, { journal, images, forget() {} }, progress);
}

/** What fails here, erasing fails of, and says so. */
const SILENT = { unavailable() {}, available() {}, lost() {} };
