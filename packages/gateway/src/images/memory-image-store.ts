import { createHmac, randomBytes } from 'node:crypto';
import type { Picture } from '@se5/core';
import type { ImagesConfig } from '../config/config.ts';
import type { ImageKey, ImageStore } from './image-store.ts';

/**
 * With `capture: never` pictures are held only for the deliveries under way: long enough for a
 * slow subscriber's turn to come, bounded for the case that nobody's does.
 */
const IN_FLIGHT = { keepMs: 10_000, maxBytes: 64 * 1024 * 1024 } as const;

/** What setTimeout can wait for; longer ones fire at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

export interface MemoryImageStoreOptions extends ImagesConfig {
  /** Where clients see the gateway, without a slash at the end. Default: addresses are relative. */
  readonly publicUrl?: string | undefined;
}

/** Pictures in memory. Keys are new in each process, so no address outlives it. */
export const createMemoryImageStore = (options: MemoryImageStoreOptions): ImageStore =>
  new MemoryImageStore(options);

interface StoredPicture {
  readonly picture: Picture;
  readonly expiresAt: number;
}

class MemoryImageStore implements ImageStore {
  readonly #secret = randomBytes(32);
  readonly #keepMs: number;
  readonly #maxBytes: number;
  /** What an address begins with; undefined when no address is given out. */
  readonly #base: string | undefined;
  /** Oldest first. */
  readonly #pictures = new Map<string, StoredPicture>();
  /**
   * The sum of the base64 lengths. A picture is a slice of its message and keeps all of it in
   * memory; but a message is 90 to 99 % base64, and its pictures come and go together, so this
   * is near what the store holds.
   */
  #bytes = 0;
  #sweep: NodeJS.Timeout | undefined;

  constructor({ capture, keepMs, maxBytes, publicUrl = '' }: MemoryImageStoreOptions) {
    const bounds = capture === 'never' ? IN_FLIGHT : { keepMs, maxBytes };
    this.#keepMs = bounds.keepMs;
    this.#maxBytes = bounds.maxBytes;
    this.#base = capture === 'never' ? undefined : `${publicUrl}/images/`;
  }

  keyOf(eventId: string, slot: string): ImageKey {
    const hmac = createHmac('sha256', this.#secret).update(`${slot} ${eventId}`);
    return hmac.digest('base64url') as ImageKey;
  }

  put(key: ImageKey, picture: Picture): void {
    this.#remove(key);
    // One that alone is too large would only drive out all others.
    if (picture.base64.length > this.#maxBytes) return;
    this.#pictures.set(key, { picture, expiresAt: Date.now() + this.#keepMs });
    this.#bytes += picture.base64.length;
    for (const oldest of this.#pictures.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#remove(oldest);
    }
    if (this.#sweep === undefined) this.#sweepLater();
  }

  get(key: string): Picture | undefined {
    return this.#find(key)?.picture;
  }

  expiresAt(key: string): number | undefined {
    return this.#find(key)?.expiresAt;
  }

  urlOf(key: ImageKey): string | null {
    if (this.#base === undefined || !this.#find(key)) return null;
    return this.#base + key;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#sweep);
    this.#pictures.clear();
    this.#bytes = 0;
  }

  #find(key: string): StoredPicture | undefined {
    const stored = this.#pictures.get(key);
    return stored && stored.expiresAt > Date.now() ? stored : undefined;
  }

  #remove(key: string): void {
    const stored = this.#pictures.get(key);
    if (!stored) return;
    this.#pictures.delete(key);
    this.#bytes -= stored.picture.base64.length;
  }

  /** One timer for all pictures, set for the oldest: a face must go in time on a quiet day too. */
  #sweepLater(): void {
    const [oldest] = this.#pictures.values();
    if (!oldest) {
      this.#sweep = undefined;
      return;
    }
    const wait = Math.min(Math.max(oldest.expiresAt - Date.now(), 0), MAX_TIMEOUT_MS);
    this.#sweep = setTimeout(() => {
      for (const [key, { expiresAt }] of this.#pictures) {
        if (expiresAt > Date.now()) break;
        this.#remove(key);
      }
      this.#sweepLater();
    }, wait).unref();
  }
}
