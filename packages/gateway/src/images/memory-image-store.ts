import type { Picture } from '@se5/core';
import type { ImagesConfig } from '../config/config.ts';
import type { Shares } from '../storage/shares.ts';
import { imageKeyOf, newKeySecret } from './image-keys.ts';
import type { ImageFigures, ImageKey, ImageStore, StoredPicture } from './image-store.ts';
import { IN_FLIGHT, PictureWindow } from './picture-window.ts';

export interface MemoryImageStoreOptions
  extends Pick<ImagesConfig, 'capture' | 'keepMs' | 'maxBytes'> {
  /** Where clients see the gateway, without a slash at the end. Default: addresses are relative. */
  readonly publicUrl?: string | undefined;
  /** Of the bytes that pictures may have, by owner. Default: equal ones. */
  readonly shares?: Shares;
}

/** What is in memory is answered at once. */
export interface MemoryImageStore extends ImageStore {
  get(key: string): StoredPicture | undefined;
  urlOf(key: ImageKey): string | null;
}

/** Pictures in memory. Keys are new in each process, so no address outlives it. */
export function createMemoryImageStore({
  capture,
  keepMs,
  maxBytes,
  publicUrl = '',
  shares = new Map(),
}: MemoryImageStoreOptions): MemoryImageStore {
  return capture === 'never'
    ? new PicturesInMemory(IN_FLIGHT.keepMs, new PictureWindow(IN_FLIGHT), undefined)
    : new PicturesInMemory(
        keepMs,
        new PictureWindow({ keepMs, maxBytes, shares }),
        `${publicUrl}/images/`,
      );
}

class PicturesInMemory implements MemoryImageStore {
  readonly #secret = newKeySecret();
  readonly #keepMs: number;
  readonly #window: PictureWindow;
  /** What an address begins with; undefined when no address is given out. */
  readonly #base: string | undefined;
  #lost = 0;

  constructor(keepMs: number, window: PictureWindow, base: string | undefined) {
    this.#keepMs = keepMs;
    this.#window = window;
    this.#base = base;
  }

  get figures(): ImageFigures {
    const { size: pictures, bytes } = this.#window;
    return { pictures, bytes, lost: this.#lost };
  }

  keyOf(eventId: string, slot: string): ImageKey {
    return imageKeyOf(this.#secret, eventId, slot);
  }

  put(key: ImageKey, picture: Picture, owner?: string): void {
    if (!this.#window.put(key, picture, { owner })) this.#lost += 1;
  }

  get(key: string): StoredPicture | undefined {
    const held = this.#window.get(key);
    return held && { picture: held.picture, expiresAt: held.at + this.#keepMs };
  }

  urlOf(key: ImageKey): string | null {
    return this.#base !== undefined && this.#window.get(key) ? this.#base + key : null;
  }

  async erase(keys: readonly ImageKey[]): Promise<number> {
    return this.#delete([...keys, ...this.#window.sharing(keys)]);
  }

  async release(keys: readonly ImageKey[]): Promise<number> {
    return this.#delete(keys);
  }

  async releaseBefore(time: number): Promise<number> {
    return this.#delete(this.#window.before(time));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#window[Symbol.dispose]();
  }

  #delete(keys: readonly string[]): number {
    return keys.filter((key) => this.#window.delete(key)).length;
  }
}
