import { extname } from 'node:path';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { type Picture, pictureOf } from '@se5/core';
import DataLoader from 'dataloader';
import { Thread } from '../../thread/thread.ts';
import { imageKeyOf, isKeyLike, newKeySecret } from '../image-keys.ts';
import type { ImageFigures, ImageKey, ImageStore, StoredPicture } from '../image-store.ts';
import { ImageStoreError, type ImageStoreErrorCode } from '../image-store-error.ts';
import { IN_FLIGHT, PictureWindow } from '../picture-window.ts';
import type { FolderMethods, FolderOptions } from './folder-thread.ts';
import type { FolderFigures } from './picture-folder.ts';
import { WriteQueue } from './write-queue.ts';

/** Who is told how the folder stands; synchronous, must not throw. */
export interface ImageStoreObserver {
  /** Pictures wait in memory, and are lost when there are too many: told after each attempt. */
  unavailable(error: ImageStoreError): void;
  /** The folder is written again. */
  available(): void;
  /** A picture is not kept: told of each. */
  lost(): void;
}

export interface DiskImageStoreOptions extends FolderOptions {
  /** Default: addresses are relative. */
  readonly publicUrl?: string | undefined;
  readonly observer: ImageStoreObserver;
  /** Whether what is put is kept. Default true; else what is there is looked after, and no more. */
  readonly isKeeping?: boolean;
  /** Between two attempts to write after one that failed, in ms. Default 5,000. */
  readonly retryMs?: number;
  /** Base64 that may wait to be written, in bytes. Default 64 MiB. */
  readonly maxWaitingBytes?: number;
}

/** How often it is looked whether something is beyond the limits. */
const CLEAN_INTERVAL_MS = 1_000;

/**
 * Pictures in a folder, each once, that are there after a restart.
 *
 * A thread has the folder. What is put waits in memory until it is written, and for as long as
 * its event is on its way; so delivery asks memory alone. What comes while the disk fails, or
 * faster than it writes, waits too, up to a bound; beyond that it is not kept, and said so: its
 * address is null.
 */
export async function openDiskImageStore(options: DiskImageStoreOptions): Promise<ImageStore> {
  const store = new DiskImageStore(options);
  await store.open();
  return store;
}

class DiskImageStore implements ImageStore {
  readonly #options: DiskImageStoreOptions;
  readonly #base: string;
  readonly #keepMs: number;
  readonly #window: PictureWindow;
  readonly #queue: WriteQueue;
  readonly #isThere = new DataLoader((keys: readonly string[]) => this.#areThere(keys), {
    cache: false,
  });
  readonly #stop = new AbortController();
  #secret = newKeySecret();
  #thread: Thread<FolderMethods> | undefined;
  #failure: ImageStoreError | undefined;
  #folder: FolderFigures = { pictures: 0, bytes: 0 };
  #lost = 0;
  /** The batch that is being written, or was the last. */
  #batch: Promise<FolderFigures> | undefined;
  #writing: Promise<void> | undefined;
  #cleaning: NodeJS.Timeout | undefined;
  #isCleaning = false;

  constructor(options: DiskImageStoreOptions) {
    this.#options = options;
    this.#base = `${options.publicUrl ?? ''}/images/`;
    this.#keepMs = options.limits.keepMs;
    this.#window = new PictureWindow({
      ...IN_FLIGHT,
      keepMs: Math.min(IN_FLIGHT.keepMs, this.#keepMs),
    });
    this.#queue = new WriteQueue(options.maxWaitingBytes);
  }

  /** Never rejects: a folder that can't be used is tried again, and told of. */
  async open(): Promise<void> {
    try {
      await this.#start();
    } catch (error) {
      this.#fail(error);
      this.#writing = this.#write();
    }
    this.#cleaning = setInterval(() => void this.#clean(), CLEAN_INTERVAL_MS).unref();
  }

  get figures(): ImageFigures {
    return { ...this.#folder, lost: this.#lost };
  }

  keyOf(eventId: string, slot: string): ImageKey {
    return imageKeyOf(this.#secret, eventId, slot);
  }

  put(key: ImageKey, picture: Picture): void {
    const { isKeeping = true } = this.#options;
    const isKept = isKeeping && this.#queue.add(key, picture);
    this.#window.put(key, picture, isKept);
    if (isKept) {
      this.#writing ??= this.#write();
    } else if (isKeeping) {
      this.#lost += 1;
      this.#options.observer.lost();
    }
  }

  get(key: string): StoredPicture | undefined | Promise<StoredPicture | undefined> {
    const held = this.#window.get(key) ?? this.#queue.get(key);
    if (held) return { picture: held.picture, expiresAt: held.at + this.#keepMs };
    return isKeyLike(key) ? this.#read(key) : undefined;
  }

  urlOf(key: ImageKey): string | null | Promise<string | null> {
    const held = this.#window.get(key) ?? this.#queue.get(key);
    if (held) return held.isKept ? this.#base + key : null;
    return this.#isThere.load(key).then((isThere) => (isThere ? this.#base + key : null));
  }

  erase(keys: readonly ImageKey[]): Promise<number> {
    return this.#remove(keys, true);
  }

  release(keys: readonly ImageKey[]): Promise<number> {
    return this.#remove(keys, false);
  }

  async releaseBefore(time: number): Promise<number> {
    await this.#drained();
    let pictures = 0;
    for (let isMore = true; isMore; ) {
      const keepMs = Math.max(Date.now() - time, 0);
      const step = await this.#folderThread().call('clean', { keepMs });
      this.#folder = step.figures;
      pictures += step.pictures;
      isMore = step.isMore;
      for (const key of step.keys) this.#window.delete(key);
    }
    return pictures;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#cleaning);
    this.#stop.abort();
    await this.#writing;
    // What still waits is written, unless the disk has failed already.
    if (!this.#failure) await this.#write();
    await Promise.allSettled([this.#thread?.call('close')]);
    await this.#thread?.[Symbol.asyncDispose]();
    this.#window[Symbol.dispose]();
  }

  async #start(): Promise<void> {
    const { path, limits } = this.#options;
    const isDamaged = this.#failure?.code === 'DAMAGED';
    await this.#thread?.[Symbol.asyncDispose]();
    this.#thread = openThread({ path, limits });
    const { secret, figures } = await this.#thread.call('open', this.#secret, isDamaged);
    this.#secret = secret;
    this.#folder = figures;
  }

  /** Writes what waits, until nothing does. Never rejects. */
  async #write(): Promise<void> {
    const { observer, retryMs = 5_000 } = this.#options;
    const { signal } = this.#stop;
    while (this.#failure || this.#queue.size > 0) {
      try {
        if (this.#failure) {
          await pause(retryMs, undefined, { signal, ref: false });
          await this.#start();
        }
        await this.#writeBatch();
        if (this.#failure) observer.available();
        this.#failure = undefined;
      } catch (error) {
        if (signal.aborted) break;
        this.#fail(error);
      }
    }
    this.#writing = undefined;
  }

  async #writeBatch(): Promise<void> {
    const { entries, bytes } = this.#queue.batch();
    if (entries.length === 0) return;
    this.#batch = this.#folderThread().call('write', entries, bytes);
    this.#folder = await this.#batch;
    this.#queue.done(entries);
  }

  #fail(error: unknown): void {
    this.#failure =
      error instanceof ImageStoreError
        ? error
        : new ImageStoreError('UNAVAILABLE', 'the pictures’ folder failed', { cause: error });
    this.#options.observer.unavailable(this.#failure);
  }

  #folderThread(): Thread<FolderMethods> {
    if (this.#thread) return this.#thread;
    throw this.#failure ?? new ImageStoreError('UNAVAILABLE', 'the pictures’ folder is not open');
  }

  async #read(key: string): Promise<StoredPicture | undefined> {
    const [result] = await Promise.allSettled([this.#thread?.call('read', key)]);
    const read = result.status === 'fulfilled' ? result.value : undefined;
    if (!read) return undefined;
    const { buffer, byteOffset, byteLength } = read.base64;
    const picture = pictureOf(Buffer.from(buffer, byteOffset, byteLength));
    return { picture, expiresAt: read.at + this.#keepMs };
  }

  /** Of the keys that a page of history asks about at once. */
  async #areThere(keys: readonly string[]): Promise<boolean[]> {
    const [result] = await Promise.allSettled([this.#thread?.call('find', keys)]);
    const found = new Set(result.status === 'fulfilled' ? result.value : []);
    return keys.map((key) => found.has(key));
  }

  async #remove(keys: readonly string[], shared: boolean): Promise<number> {
    const alike = shared ? this.#window.sharing(keys) : [];
    for (const key of keys) this.#queue.delete(key);
    await this.#drained();
    const {
      keys: gone,
      pictures,
      figures,
    } = await this.#folderThread().call('remove', keys, shared);
    this.#folder = figures;
    for (const key of [...keys, ...alike, ...gone]) this.#window.delete(key);
    return pictures;
  }

  /** What waits now has been written. @throws {ImageStoreError} when it can't be. */
  async #drained(): Promise<void> {
    const isWaiting = this.#queue.watch();
    while (!this.#failure && isWaiting()) {
      await Promise.allSettled([this.#batch]);
      // What was written is taken from the queue after that.
      await nextTurn();
    }
    if (this.#failure) throw this.#failure;
  }

  async #clean(): Promise<void> {
    if (this.#isCleaning || this.#failure) return;
    this.#isCleaning = true;
    try {
      for (let isMore = true; isMore && !this.#stop.signal.aborted; ) {
        const step = await this.#folderThread().call('clean', {});
        this.#folder = step.figures;
        isMore = step.isMore;
      }
    } catch {
      // A folder that can't be written shows at the next picture; here there is nobody to tell.
    }
    this.#isCleaning = false;
  }
}

function openThread(options: FolderOptions): Thread<FolderMethods> {
  const module = new URL(`./folder-thread${extname(import.meta.url)}`, import.meta.url);
  return new Thread(module, options, (failure, cause) =>
    failure
      ? new ImageStoreError(failure.code as ImageStoreErrorCode, failure.message)
      : new ImageStoreError(
          'UNAVAILABLE',
          `the thread of the pictures' folder ${options.path} has ended`,
          { cause },
        ),
  );
}
