import { existsSync } from 'node:fs';
import type { Clock } from '@se5/core';
import { type ImagesConfig, MEMORY_ONLY } from '../config/config.ts';
import type { Shares } from '../storage/shares.ts';
import { type ImageStoreObserver, openDiskImageStore } from './disk/disk-image-store.ts';
import type { ImageStore } from './image-store.ts';
import { createMemoryImageStore } from './memory-image-store.ts';

/**
 * A folder that can't be used is told of, and tried again.
 *
 * @throws {ImageStoreError} when somebody has to see to the folder or the configuration.
 */
export async function openImageStore(
  config: ImagesConfig,
  observer: ImageStoreObserver,
  { clock, shares }: { readonly clock?: Clock; readonly shares?: Shares } = {},
): Promise<ImageStore> {
  const { capture, path, keepMs, maxBytes } = config;
  const isKeeping = capture !== 'never';
  // Pictures of before go when their time comes, and can be erased.
  const isOnDisk = path !== MEMORY_ONLY && (isKeeping || existsSync(path));
  if (!isOnDisk) return createMemoryImageStore({ ...config, ...(shares && { shares }) });
  return openDiskImageStore({
    path,
    limits: { keepMs, maxBytes, ...(shares && { shares }) },
    observer,
    isKeeping,
    ...(clock && { clock }),
  });
}
