import { existsSync } from 'node:fs';
import { type GatewayConfig, MEMORY_ONLY } from '../config/config.ts';
import { openDiskImageStore } from '../images/disk/disk-image-store.ts';
import { createMemoryImageStore } from '../images/memory-image-store.ts';
import type { ErasureProgress, ErasureTarget } from '../journal/erasure.ts';
import { createMemoryJournal } from '../journal/memory-journal.ts';
import { openSqliteJournal } from '../journal/sqlite/sqlite-journal.ts';
import { type ErasureReport, erase } from './erase.ts';
import { ErasureFailed } from './erasure-failed.ts';

/**
 * Erases from the files of a gateway that does not run, which is kept from starting meanwhile.
 * What is not there is not made.
 *
 * @throws {JournalError | ImageStoreError} IN_USE when it runs; else as `erase` does.
 * @throws {ErasureFailed} when no journal says which pictures show the person.
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
  if (target.kind === 'identity' && !isThere(path) && images.figures.pictures > 0) {
    throw new ErasureFailed(unknowable(path, folder, images.figures.pictures));
  }
  return await erase(target, { journal, images, forget() {} }, progress);
}

const unknowable = (path: string, folder: string, pictures: number): string => {
  const why =
    path === MEMORY_ONLY
      ? 'the journal was in memory and is gone with its process'
      : `there is no journal ${path}`;
  return `nothing was erased: ${why}, and nothing else says which of the ${pictures} pictures in ${folder} show the person. They go by their age, with images.keep or \`erase --before\``;
};

/** What fails here, erasing fails of, and says so. */
const SILENT = { unavailable() {}, available() {}, lost() {} };
