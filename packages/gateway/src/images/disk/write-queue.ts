import type { Picture } from '@se5/core';
import type { Shares } from '../../storage/shares.ts';
import { erasableIn, type HeldTarget } from '../erasable-in.ts';
import { Holdings } from '../holdings.ts';
import type { ImageKey, PictureOrigin } from '../image-store.ts';
import type { HeldPicture } from '../picture-window.ts';
import type { BatchEntry } from './folder-thread.ts';

/** Base64 that may wait, in bytes. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

/** Base64 of one batch, unless its only picture has more: so short is the turn of whoever reads. */
const BATCH_BYTES = 1024 * 1024;

export interface Batch {
  readonly entries: readonly BatchEntry[];
  /** A copy of the base64 of all; the next batch is put into the same memory. */
  readonly bytes: SharedArrayBuffer;
}

/** Pictures that wait to be written, in the order in which they came, and can be asked for meanwhile. */
export class WriteQueue {
  readonly #maxBytes: number;
  readonly #waiting = new Map<string, HeldPicture>();
  /** Of what waits, but is not being written. */
  readonly #holdings: Holdings;
  /** With memory of its own, a batch would cost the main thread four times as much. */
  readonly #shared = new SharedArrayBuffer(BATCH_BYTES);
  #bytes = 0;

  /** @param shares Of the room that is full. Default: equal ones. */
  constructor(maxBytes = MAX_WAITING_BYTES, shares?: Shares) {
    this.#maxBytes = maxBytes;
    this.#holdings = new Holdings(shares);
  }

  get size(): number {
    return this.#waiting.size;
  }

  /**
   * When it is full, the oldest goes of the owner that has the most for its share, unless it is
   * being written.
   *
   * @returns the keys of what does not wait any more; that of this picture may be one of them.
   */
  add(key: ImageKey, picture: Picture, { owner, subject }: PictureOrigin): readonly string[] {
    const { length } = picture.base64;
    // It would only drive out all others.
    if (length > this.#maxBytes) return [key];
    this.delete(key);
    this.#bytes += length;
    this.#waiting.set(key, { picture, owner, subject, at: Date.now(), isKept: true });
    this.#holdings.add(owner, key, length);
    const lost: string[] = [];
    while (this.#bytes > this.#maxBytes) {
      const oldest = this.#holdings.oldestOfHeaviest() ?? key;
      this.delete(oldest);
      lost.push(oldest);
    }
    return lost;
  }

  get(key: string): HeldPicture | undefined {
    return this.#waiting.get(key);
  }

  /** The keys of what is to be erased. */
  erasable(target: HeldTarget): string[] {
    return erasableIn(this.#waiting, target);
  }

  /** Whether there was one. */
  delete(key: string): boolean {
    const held = this.#waiting.get(key);
    if (!held) return false;
    const { length } = held.picture.base64;
    this.#bytes -= length;
    this.#holdings.delete(held.owner, key, length);
    return this.#waiting.delete(key);
  }

  /** What waits now, and whether one of it still does. */
  watch(): () => boolean {
    const watched = [...this.#waiting];
    return () => watched.some(([key, held]) => this.#waiting.get(key) === held);
  }

  /** The first that wait. They go on waiting until they are `done`. */
  batch(): Batch {
    const taken: [string, HeldPicture][] = [];
    let total = 0;
    for (const [key, held] of this.#waiting) {
      const { length } = held.picture.base64;
      if (taken.length > 0 && total + length > BATCH_BYTES) break;
      taken.push([key, held]);
      this.#holdings.delete(held.owner, key, length);
      total += length;
    }
    const bytes = total > BATCH_BYTES ? new SharedArrayBuffer(total) : this.#shared;
    const copy = new Uint8Array(bytes);
    let end = 0;
    const entries = taken.map(([key, { picture, owner, subject, at }]) => {
      copy.set(picture.base64, end);
      end += picture.base64.length;
      return { key, owner, subject, at, length: picture.base64.length };
    });
    return { entries, bytes };
  }

  /** They are written. What was put under one of the keys meanwhile waits on. */
  done(entries: readonly BatchEntry[]): void {
    for (const { key, at } of entries) {
      if (this.#waiting.get(key)?.at === at) this.delete(key);
    }
  }
}
