import type { Picture } from '@se5/core';
import type { ErasureNotice } from '../privacy/erasure-notice.ts';
import type { ErasureTarget } from '../privacy/erasure-target.ts';
import type { Subject } from '../privacy/keyring.ts';
import type { KeySecret } from './image-keys.ts';

declare const imageKey: unique symbol;
/** Names a picture: a keyed hash that nobody can guess. */
export type ImageKey = string & { readonly [imageKey]: true };

/** Where a picture comes from. */
export interface PictureOrigin {
  /** Whose share of a full store it takes: its box. */
  readonly owner: string;
  /** By whose keys it is sealed. */
  readonly subject: Subject;
}

export interface StoredPicture {
  readonly picture: Picture;
  /** When the picture goes for its age, at the latest: ms since the Unix epoch. */
  readonly expiresAt: number;
}

export interface ImageFigures {
  /** Pictures that are kept. */
  readonly pictures: number;
  /** Their size, in bytes. */
  readonly bytes: number;
  /** Pictures that should have been kept and are not, since the start. */
  readonly lost: number;
}

/** An erasure anywhere in the cluster. */
export interface ErasureElsewhere extends Pick<ErasureNotice, 'uncovered'> {
  /** Whether it names the person or the stranger of a subject. */
  readonly names: (subject: Subject) => boolean;
}

/**
 * The pictures of recent events, bounded in age and in bytes; the oldest go first, by bytes those
 * of the box that has the most for its share.
 *
 * What is asked for about a picture is answered at once as long as it is in memory, which is
 * as long as its event is being delivered: delivery never waits for a disk.
 */
export interface ImageStore extends AsyncDisposable {
  /** The key under which `put` will keep this slot of this event. */
  keyOf(eventId: string, slot: string): ImageKey;
  put(key: ImageKey, picture: Picture, of: PictureOrigin): void;
  /** Undefined once the picture is gone. Any text may be asked for. Never rejects. */
  get(key: string): StoredPicture | undefined | Promise<StoredPicture | undefined>;
  /** Whether there is a picture that others may fetch: false when pictures are not kept. Never rejects. */
  isKept(key: ImageKey): boolean | Promise<boolean>;
  /** What keys are made with; signs addresses too. That of a folder from when it was first opened. */
  readonly secret: KeySecret;
  /**
   * Erases a person's pictures, and those that show the same though they came with another's event
   * of that day; or all that was put before a time. From when this resolves nobody can ask for
   * them, and what a key of theirs had sealed can't be read anywhere.
   *
   * @param areKeysForgotten Whether another store has forgotten the keys in this erasure: then they
   *   are not forgotten again, or a person who is recognised meanwhile would go too.
   * @returns how many there were. @throws {ImageStoreError} when some may be left.
   */
  erase(target: ErasureTarget, areKeysForgotten?: boolean): Promise<number>;
  /**
   * Deletes the pictures of an erasure in the cluster. Call it when the keys are gone from the key
   * file.
   *
   * @throws {ImageStoreError} when some may be left; repeated, it goes on.
   */
  follow(erasure: ErasureElsewhere): Promise<void>;
  /** Whether there are pictures that an older gateway kept in clear, which no key covers. */
  hasClear(): Promise<boolean>;
  /**
   * Deletes these, under whatever other keys they are kept too: what is in clear is known by the
   * events of a person alone. @returns how many there were. @throws {ImageStoreError}
   */
  delete(keys: readonly ImageKey[]): Promise<number>;
  readonly figures: ImageFigures;
}
