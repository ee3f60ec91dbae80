import type { Picture } from '@se5/core';
import type { ImagesConfig } from '../config/config.ts';
import type { ErasureTarget } from '../privacy/erasure-target.ts';
import type { Shares } from '../storage/shares.ts';
import { heldTargetsOf } from './erasable-in.ts';
import { imageKeyOf, newKeySecret } from './image-keys.ts';
import type {
  ErasureElsewhere,
  ImageFigures,
  ImageKey,
  ImageStore,
  PictureOrigin,
  StoredPicture,
} from './image-store.ts';
import { IN_FLIGHT, PictureWindow } from './picture-window.ts';

export interface MemoryImageStoreOptions
  extends Pick<ImagesConfig, 'capture' | 'keepMs' | 'maxBytes'> {
  /** Of the bytes that pictures may have, by owner. Default: equal ones. */
  readonly shares?: Shares;
}

/** What is in memory is answered at once. */
export interface MemoryImageStore extends ImageStore {
  get(key: string): StoredPicture | undefined;
  isKept(key: ImageKey): boolean;
}

/** Pictures in memory. Keys are new in each process, so no address outlives it. */
export function createMemoryImageStore({
  capture,
  keepMs,
  maxBytes,
  shares = new Map(),
}: MemoryImageStoreOptions): MemoryImageStore {
  return capture === 'never'
    ? new PicturesInMemory(IN_FLIGHT.keepMs, new PictureWindow(IN_FLIGHT), false)
    : new PicturesInMemory(keepMs, new PictureWindow({ keepMs, maxBytes, shares }), true);
}

class PicturesInMemory implements MemoryImageStore {
  readonly secret = newKeySecret();
  readonly #keepMs: number;
  readonly #window: PictureWindow;
  readonly #isKeeping: boolean;
  #lost = 0;

  constructor(keepMs: number, window: PictureWindow, isKeeping: boolean) {
    this.#keepMs = keepMs;
    this.#window = window;
    this.#isKeeping = isKeeping;
  }

  get figures(): ImageFigures {
    const { size: pictures, bytes } = this.#window;
    return { pictures, bytes, lost: this.#lost };
  }

  keyOf(eventId: string, slot: string): ImageKey {
    return imageKeyOf(this.secret, eventId, slot);
  }

  put(key: ImageKey, picture: Picture, of: PictureOrigin): void {
    if (!this.#window.put(key, picture, of)) this.#lost += 1;
  }

  get(key: string): StoredPicture | undefined {
    const held = this.#window.get(key);
    return held && { picture: held.picture, expiresAt: held.at + this.#keepMs };
  }

  isKept(key: ImageKey): boolean {
    return this.#isKeeping && this.#window.get(key) !== undefined;
  }

  async erase(target: ErasureTarget): Promise<number> {
    return this.#delete(this.#window.erasable(target));
  }

  async follow(erasure: ErasureElsewhere): Promise<void> {
    for (const target of heldTargetsOf(erasure)) this.#delete(this.#window.erasable(target));
  }

  async hasClear(): Promise<boolean> {
    return false;
  }

  async delete(keys: readonly ImageKey[]): Promise<number> {
    return this.#delete(this.#window.sharing(keys));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#window[Symbol.dispose]();
  }

  #delete(keys: readonly string[]): number {
    return keys.filter((key) => this.#window.delete(key)).length;
  }
}
