import { type Picture, pictureOf } from '@se5/core';
import DataLoader from 'dataloader';
import type { ErasureTarget } from '../../privacy/erasure-target.ts';
import { type HeldTarget, heldTargetsOf } from '../erasable-in.ts';
import { imageKeyOf, isKeyLike, type KeySecret } from '../image-keys.ts';
import type {
  ErasureElsewhere,
  ImageFigures,
  ImageKey,
  ImageStore,
  PictureOrigin,
  StoredPicture,
} from '../image-store.ts';
import { ImageStoreError } from '../image-store-error.ts';
import { type HeldPicture, IN_FLIGHT, PictureWindow } from '../picture-window.ts';
import type { Step } from './folder-thread.ts';
import { type FolderObserver, FolderWriter, type FolderWriterOptions } from './folder-writer.ts';

export interface ImageStoreObserver extends FolderObserver {
  /** A picture is not kept: told of each. */
  lost(): void;
  /** Pictures that are beyond the limits are still there: told after each attempt. */
  cleaningFailed(error: ImageStoreError): void;
}

export interface DiskImageStoreOptions extends FolderWriterOptions {
  readonly observer: ImageStoreObserver;
  /** Whether what is put is kept. Default true; else what is there is looked after, and no more. */
  readonly isKeeping?: boolean;
}

/** Steps of cleaning in one round, of 100 pictures each: what goes by mistake goes slowly. */
const ROUND_STEPS = 100;

/** Pictures that are deleted at once by their keys. */
const DELETED_AT_ONCE = 100;

/** How often it is looked whether something is beyond the limits. */
const CLEAN_INTERVAL_MS = 1_000;

/**
 * Pictures in a folder, sealed, that are there after a restart.
 *
 * A thread has the folder. What is put waits in memory until it is written, and for as long as
 * its event is on its way; so delivery asks memory alone. What comes while the disk fails, or
 * faster than it writes, waits too, up to a bound; beyond that it is not kept, and has no address.
 *
 * @throws {ImageStoreError} that is final; after any other the folder is tried again.
 */
export async function openDiskImageStore(options: DiskImageStoreOptions): Promise<ImageStore> {
  const writer = new FolderWriter(options);
  await writer.open();
  return new DiskImageStore(writer, options);
}

class DiskImageStore implements ImageStore {
  readonly #writer: FolderWriter;
  readonly #observer: ImageStoreObserver;
  readonly #isKeeping: boolean;
  readonly #keepMs: number;
  readonly #window: PictureWindow;
  readonly #isThere = new DataLoader((keys: readonly string[]) => this.#areThere(keys), {
    cache: false,
  });
  readonly #cleaning: NodeJS.Timeout;
  #lost = 0;
  /** Pictures that went by erasures, whoever noticed them first. */
  #erased = 0;
  #isCleaning = false;
  #isClosed = false;

  constructor(
    writer: FolderWriter,
    { limits: { keepMs }, observer, isKeeping = true }: DiskImageStoreOptions,
  ) {
    this.#writer = writer;
    this.#observer = observer;
    this.#isKeeping = isKeeping;
    this.#keepMs = keepMs;
    this.#window = new PictureWindow({
      ...IN_FLIGHT,
      keepMs: Math.min(IN_FLIGHT.keepMs, keepMs),
    });
    this.#cleaning = setInterval(() => void this.#clean(), CLEAN_INTERVAL_MS).unref();
    void this.#clean();
  }

  get figures(): ImageFigures {
    return { ...this.#writer.figures, lost: this.#lost };
  }

  get secret(): KeySecret {
    return this.#writer.secret;
  }

  keyOf(eventId: string, slot: string): ImageKey {
    return imageKeyOf(this.secret, eventId, slot);
  }

  put(key: ImageKey, picture: Picture, of: PictureOrigin): void {
    this.#window.put(key, picture, of, this.#isKeeping);
    if (!this.#isKeeping) return;
    for (const lost of this.#writer.add(key, picture, of)) {
      this.#window.notKept(lost);
      this.#lose();
    }
  }

  get(key: string): StoredPicture | undefined | Promise<StoredPicture | undefined> {
    const held = this.#held(key);
    if (held) return { picture: held.picture, expiresAt: held.at + this.#keepMs };
    return isKeyLike(key) ? this.#read(key) : undefined;
  }

  isKept(key: ImageKey): boolean | Promise<boolean> {
    const held = this.#held(key);
    return held ? held.isKept : this.#isThere.load(key);
  }

  async erase(target: ErasureTarget, areKeysForgotten = false): Promise<number> {
    const before = this.#erased;
    let late: readonly string[] = [];
    try {
      // By what is written, others are found that show the same.
      await this.#writer.drained();
    } finally {
      // Whatever else fails, the keys go.
      late = await this.#forget(target, areKeysForgotten);
    }
    if (target.kind === 'identity') await this.#remove(late);
    await this.#removeAll(() => this.#writer.thread.call('removeErased', target));
    await this.#writer.thread.call('swept');
    return this.#erased - before;
  }

  async follow(erasure: ErasureElsewhere): Promise<void> {
    let late: readonly string[] = [];
    try {
      await this.#writer.drained();
    } finally {
      late = heldTargetsOf(erasure).flatMap((target) => this.#dropErased(target));
    }
    await this.#remove(late);
    await this.#removeAll(() => this.#writer.thread.call('removeForgotten'));
    for (const rows of erasure.uncovered) {
      await this.#removeAll(() => this.#writer.thread.call('removeErased', rows));
    }
    await this.#writer.thread.call('swept');
  }

  async hasClear(): Promise<boolean> {
    return this.#writer.thread.call('hasClear');
  }

  async delete(keys: readonly ImageKey[]): Promise<number> {
    if (keys.length === 0) return 0;
    const alike = this.#window.sharing(keys);
    try {
      await this.#writer.drained();
    } finally {
      this.#drop([...keys, ...alike]);
    }
    const before = this.#erased;
    await this.#remove(keys);
    await this.#writer.thread.call('swept');
    return this.#erased - before;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#cleaning);
    await this.#writer[Symbol.asyncDispose]();
    for (let left = this.#writer.unwritten; left > 0; left -= 1) this.#lose();
    this.#window[Symbol.dispose]();
  }

  #lose(): void {
    this.#lost += 1;
    this.#observer.lost();
  }

  #held(key: string): HeldPicture | undefined {
    return this.#window.get(key) ?? this.#writer.waiting(key);
  }

  async #read(key: string): Promise<StoredPicture | undefined> {
    try {
      const read = await this.#writer.thread.call('read', key);
      if (!read) return undefined;
      const { buffer, byteOffset, byteLength } = read.base64;
      const picture = pictureOf(Buffer.from(buffer, byteOffset, byteLength));
      return { picture, expiresAt: read.at + this.#keepMs };
    } catch {
      // Whether the folder can be used is told by whoever writes.
      return undefined;
    }
  }

  /** Of the keys that a page of history asks about at once. */
  async #areThere(keys: readonly string[]): Promise<boolean[]> {
    try {
      const found = new Set(await this.#writer.thread.call('find', keys));
      return keys.map((key) => found.has(key));
    } catch {
      return keys.map(() => false);
    }
  }

  async #remove(keys: readonly string[]): Promise<void> {
    for (let from = 0; from < keys.length; from += DELETED_AT_ONCE) {
      const some = keys.slice(from, from + DELETED_AT_ONCE);
      this.#told(await this.#writer.thread.call('remove', some));
    }
  }

  /** Until there is no more. */
  async #removeAll(remove: () => Promise<Step>): Promise<void> {
    for (let isMore = true; isMore; ) {
      const step = await remove();
      this.#told(step);
      isMore = step.isMore;
    }
  }

  #told({ keys, pictures, figures }: Step): void {
    this.#writer.told(figures);
    this.#erased += pictures;
    for (const key of keys) this.#window.delete(key);
  }

  /**
   * Forgets the keys, and what is in memory.
   *
   * @returns the keys under which that was. What came just now may be written under a new key, though its
   *   event is erased.
   */
  async #forget(target: ErasureTarget, isForgotten: boolean): Promise<readonly string[]> {
    let keys: readonly string[] = [];
    try {
      if (!isForgotten) await this.#writer.thread.call('forget', target);
    } finally {
      keys = this.#dropErased(target);
    }
    return keys;
  }

  /** Drops the matching pictures from memory. @returns their keys. */
  #dropErased(target: HeldTarget): readonly string[] {
    const keys = new Set([...this.#window.erasable(target), ...this.#writer.erasable(target)]);
    this.#drop([...keys]);
    return [...keys];
  }

  #drop(keys: readonly string[]): void {
    for (const key of keys) {
      this.#window.delete(key);
      this.#writer.drop(key);
    }
  }

  async #clean(): Promise<void> {
    if (this.#isCleaning) return;
    this.#isCleaning = true;
    // The journal's thread forgets keys too, and so did others while the folder was not open.
    await this.#attempt(() => this.#removeAll(() => this.#writer.thread.call('removeForgotten')));
    await this.#attempt(() => this.#removeOldest());
    this.#isCleaning = false;
  }

  async #removeOldest(): Promise<void> {
    for (let steps = 0; steps < ROUND_STEPS && !this.#isClosed; steps += 1) {
      const step = await this.#writer.thread.call('clean', this.#writer.retentionTime);
      this.#writer.told(step.figures);
      if (!step.isMore) break;
    }
  }

  async #attempt(clean: () => Promise<void>): Promise<void> {
    try {
      await clean();
    } catch (error) {
      // While the folder fails as a whole, the writer says so.
      if (error instanceof ImageStoreError && !this.#isClosed && !this.#writer.isFailing) {
        this.#observer.cleaningFailed(error);
      }
    }
  }
}
