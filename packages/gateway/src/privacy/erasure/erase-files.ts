import { MEMORY_ONLY, type Places } from '../../config/config.ts';
import { type ImageStoreObserver, openDiskImageStore } from '../../images/disk/disk-image-store.ts';
import { createMemoryImageStore } from '../../images/memory-image-store.ts';
import { createMemoryJournal } from '../../journal/memory-journal.ts';
import { openSqliteJournal } from '../../journal/sqlite/sqlite-journal.ts';
import type { ErasureTarget } from '../erasure-target.ts';
import { holdKeyFile } from '../hold-key-file.ts';
import { type ErasureReport, erase } from './erase.ts';
import { ErasureFailed } from './erasure-failed.ts';
import { isThere, lookedFor } from './places.ts';

/**
 * Erases from the files of a gateway that does not run, which is kept from starting meanwhile.
 * What is not there is not made.
 *
 * @throws {JournalError | ImageStoreError} IN_USE when it runs; else as `erase` does.
 * @throws {ErasureFailed} when nothing is there that could be looked into, or no journal that
 *   says what is the person's.
 */
export async function eraseFiles(config: Places, target: ErasureTarget): Promise<ErasureReport> {
  assertErasable(config, target);
  await using parts = new AsyncDisposableStack();
  const { keys } = config.privacy;
  parts.use(holdKeyFile(keys)).assertNotInUse();
  const { path, sync, ...limits } = config.journal;
  const onDisk = isThere(path)
    ? parts.use(await openSqliteJournal({ path, keys, sync, limits }))
    : undefined;
  const journal = onDisk ?? parts.use(createMemoryJournal());
  const { path: folder, ...bounds } = config.images;
  const images = parts.use(
    isThere(folder)
      ? await openDiskImageStore({
          path: folder,
          keys,
          limits: bounds,
          isKeeping: false,
          observer: SILENT,
        })
      : createMemoryImageStore(bounds),
  );
  const report = await erase(target, { journal, images, forget() {} });
  // No gateway may ever do it.
  await onDisk?.deleteErased();
  return report;
}

/**
 * Whoever finds nothing where nothing is has erased nothing: the files may be elsewhere, or a
 * gateway has them in memory until its disk is back.
 */
function assertErasable({ journal, images }: Places, { kind }: ErasureTarget): void {
  if (isThere(journal.path) || (kind === 'before' && isThere(images.path))) return;
  const noJournal =
    journal.path === MEMORY_ONLY
      ? 'the journal was in memory and is gone with its process'
      : `there is no journal ${lookedFor(journal.path)}`;
  const noPictures =
    images.path === MEMORY_ONLY
      ? 'pictures are in memory only'
      : `there is no pictures’ folder ${lookedFor(images.path)}`;
  throw new ErasureFailed(
    kind === 'before'
      ? `nothing was erased: ${noJournal}, and ${noPictures}`
      : `nothing was erased: ${noJournal}, and nothing else says which events and pictures are the person’s. Pictures go by their age, with images.keep or \`erase --before\``,
  );
}

/** What fails here, erasing fails of, and says so. */
const SILENT: ImageStoreObserver = {
  unavailable() {},
  available() {},
  exposed() {},
  clockDistrusted() {},
  lost() {},
  cleaningFailed() {},
};
