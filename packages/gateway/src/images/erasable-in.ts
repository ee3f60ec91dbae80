import { type ErasureTarget, isErasable } from '../privacy/erasure-target.ts';
import type { HeldPicture } from './picture-window.ts';

/** Of pictures in memory, by their keys. */
type HeldPictures = ReadonlyMap<string, HeldPicture>;

/** The keys of what is to be erased; of a person also of what shows the same. */
export function erasableIn(pictures: HeldPictures, target: ErasureTarget): string[] {
  const keys = [...pictures].flatMap(([key, { subject, at }]) =>
    isErasable(target, subject) || (target.kind === 'before' && at < target.time) ? [key] : [],
  );
  return target.kind === 'identity' ? sharingIn(pictures, keys) : keys;
}

/** The keys under which the pictures of these are, theirs included. */
export function sharingIn(pictures: HeldPictures, keys: readonly string[]): string[] {
  const sought = new Map<number, Buffer[]>();
  for (const key of keys) {
    const base64 = pictures.get(key)?.picture.base64;
    if (base64) sought.set(base64.length, [...(sought.get(base64.length) ?? []), base64]);
  }
  return [...pictures].flatMap(
    ([
      key,
      {
        picture: { base64 },
      },
    ]) => (sought.get(base64.length)?.some((each) => each.equals(base64)) ? [key] : []),
  );
}
