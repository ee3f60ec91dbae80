import type { Picture } from '@se5/core';
import type { Shares } from '../storage/shares.ts';
import { erasableIn, type HeldTarget, sharingIn } from './erasable-in.ts';
import { Holdings } from './holdings.ts';
import type { PictureOrigin } from './image-store.ts';

/** What setTimeout can wait for; longer ones fire at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

export interface WindowBounds {
  readonly keepMs: number;
  /** Of base64. */
  readonly maxBytes: number;
  /** Of the room that is full. Default: equal ones. */
  readonly shares?: Shares;
}

/**
 * Pictures that are held only for the deliveries under way: long enough for a slow subscriber's
 * turn to come, bounded for the case that nobody's does.
 */
export const IN_FLIGHT: WindowBounds = { keepMs: 10_000, maxBytes: 64 * 1024 * 1024 };

export interface HeldPicture extends PictureOrigin {
  readonly picture: Picture;
  /** When it was put, ms since the Unix epoch. */
  readonly at: number;
  /** Whether it is, or will be, where pictures are kept. */
  readonly isKept: boolean;
}

interface AgingPicture extends HeldPicture {
  /** When it was put, by a clock that nobody sets: ms. */
  readonly since: number;
}

/** The newest pictures, in memory, bounded in age and in bytes. */
export class PictureWindow implements Disposable {
  readonly #bounds: WindowBounds;
  /** Oldest first. */
  readonly #pictures = new Map<string, AgingPicture>();
  /**
   * The sum of the base64 lengths. A picture is a slice of its message and keeps all of it in
   * memory; but a message is 90 to 99 % base64, and its pictures come and go together, so this
   * is near what the window holds.
   */
  #bytes = 0;
  readonly #holdings: Holdings;
  #sweep: NodeJS.Timeout | undefined;

  constructor(bounds: WindowBounds) {
    this.#bounds = bounds;
    this.#holdings = new Holdings(bounds.shares);
  }

  get size(): number {
    return this.#pictures.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @returns false when the picture is too large, alone or for its owner, and is not held. */
  put(key: string, picture: Picture, { owner, subject }: PictureOrigin, isKept = true): boolean {
    this.delete(key);
    // It would only drive out all others.
    if (picture.base64.length > this.#bounds.maxBytes) return false;
    const [at, since] = [Date.now(), performance.now()];
    this.#pictures.set(key, { picture, owner, subject, at, since, isKept });
    this.#bytes += picture.base64.length;
    this.#holdings.add(owner, key, picture.base64.length);
    while (this.#bytes > this.#bounds.maxBytes) {
      this.delete(this.#holdings.oldestOfHeaviest() ?? key);
    }
    if (this.#sweep === undefined) this.#sweepLater();
    return this.#pictures.has(key);
  }

  get(key: string): HeldPicture | undefined {
    const held = this.#pictures.get(key);
    return held && !this.#isOver(held) ? held : undefined;
  }

  /** It will not be where pictures are kept; it is held as long as before. */
  notKept(key: string): void {
    const held = this.#pictures.get(key);
    if (held) this.#pictures.set(key, { ...held, isKept: false });
  }

  /** Whether there was one. */
  delete(key: string): boolean {
    const held = this.#pictures.get(key);
    if (!held) return false;
    this.#bytes -= held.picture.base64.length;
    this.#holdings.delete(held.owner, key, held.picture.base64.length);
    return this.#pictures.delete(key);
  }

  /** The keys of what is to be erased. */
  erasable(target: HeldTarget): string[] {
    return erasableIn(this.#pictures, target);
  }

  /** The keys under which pictures with the content of these are held, theirs included. */
  sharing(keys: readonly string[]): string[] {
    return sharingIn(this.#pictures, keys);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#sweep);
    this.#pictures.clear();
    this.#holdings.clear();
    this.#bytes = 0;
  }

  #isOver(held: AgingPicture): boolean {
    return this.#left(held) <= 0;
  }

  /** For how long it may still be held, in ms. */
  #left({ since }: AgingPicture): number {
    return since + this.#bounds.keepMs - performance.now();
  }

  /** One timer for all pictures, set for the oldest: a face must go in time on a quiet day too. */
  #sweepLater(): void {
    const [oldest] = this.#pictures.values();
    if (!oldest) {
      this.#sweep = undefined;
      return;
    }
    this.#sweep = setTimeout(
      () => {
        for (const [key, held] of this.#pictures) {
          if (!this.#isOver(held)) break;
          this.delete(key);
        }
        this.#sweepLater();
      },
      Math.min(Math.max(this.#left(oldest), 0), MAX_TIMEOUT_MS),
    ).unref();
  }
}
