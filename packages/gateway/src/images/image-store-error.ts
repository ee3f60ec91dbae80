import { CodedError } from '../errors.ts';

/** Why pictures can't be kept on disk. Stable: what follows depends on it. */
export type ImageStoreErrorCode =
  /** Another gateway has the folder. */
  | 'IN_USE'
  /** The folder was written by a newer gateway. */
  | 'NEWER_VERSION'
  /** The disk, or what may be used of it, is full. */
  | 'FULL'
  /** The folder or something in it may not be written. */
  | 'READ_ONLY'
  /** Other users may read the folder or something in it, and this one may not change that. */
  | 'EXPOSED'
  /** The key file is damaged, none, or not the one that the pictures were sealed with. */
  | 'KEYS_UNUSABLE'
  /** The index of the folder makes no sense any more. */
  | 'DAMAGED'
  /** The disk or the system failed in another way. */
  | 'UNAVAILABLE';

/** The message names the folder and the reason, never anything of a picture. */
export class ImageStoreError extends CodedError<ImageStoreErrorCode> {
  override readonly name = 'ImageStoreError';

  /** Nothing gets better by waiting: somebody has to change the configuration or the folder. */
  get isFinal(): boolean {
    return FINAL.has(this.code);
  }
}

const FINAL: ReadonlySet<ImageStoreErrorCode> = new Set([
  'IN_USE',
  'NEWER_VERSION',
  'EXPOSED',
  'KEYS_UNUSABLE',
]);
