import { existsSync } from 'node:fs';
import type { Clock } from '@se5/core';
import { type ImagesConfig, MEMORY_ONLY } from '../config/config.ts';
import type { Shares } from '../storage/shares.ts';
import { type ImageStoreObserver, openDiskImageStore } from './disk/disk-image-store.ts';
import type { ImageStore } from './image-store.ts';
import { createMemoryImageStore } from './memory-image-store.ts';

export interface ImageStoreOptions {
  /** The path of the key file, for pictures on disk. */
  readonly keys: string;
  /** See `FolderOptions`. */
  readonly keysKeepMs: number | undefined;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Of the bytes that pictures may have, by owner. Default: equal ones. */
  readonly shares?: Shares;
}

/**
 * A folder that can't be used is told of, and tried again.
 *
 * @throws {ImageStoreError} when somebody has to see to the folder or the configuration.
 */
export async function openImageStore(
  config: ImagesConfig,
  observer: ImageStoreObserver,
  { keys, keysKeepMs, clock, shares }: ImageStoreOptions,
): Promise<ImageStore> {
  const { capture, path, keepMs, maxBytes } = config;
  const isKeeping = capture !== 'never';
  // Pictures of before go when their time comes, and can be erased.
  const isOnDisk = path !== MEMORY_ONLY && (isKeeping || existsSync(path));
  if (!isOnDisk) return createMemoryImageStore({ ...config, ...(shares && { shares }) });
  return openDiskImageStore({
    path,
    keys,
    ...(keysKeepMs !== undefined && { keysKeepMs }),
    limits: { keepMs, maxBytes, ...(shares && { shares }) },
    observer,
    isKeeping,
    ...(clock && { clock }),
  });
}
