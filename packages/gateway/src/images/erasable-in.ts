import { type ErasureTarget, isErasable } from '../privacy/erasure-target.ts';
import type { Subject } from '../privacy/keyring.ts';
import type { ErasureElsewhere } from './image-store.ts';
import type { HeldPicture } from './picture-window.ts';

/** Of pictures in memory, by their keys. */
type HeldPictures = ReadonlyMap<string, HeldPicture>;

/**
 * Selects pictures in memory for an erasure. A notice from the cluster has only hashes of persons,
 * so it comes as a test of the subject.
 */
export type HeldTarget =
  | ErasureTarget
  | { readonly kind: 'subjects'; readonly includes: (subject: Subject) => boolean };

export const heldTargetsOf = ({ names, uncovered }: ErasureElsewhere): readonly HeldTarget[] => [
  { kind: 'subjects', includes: names },
  ...uncovered.filter((rows) => rows.kind === 'before'),
];

/** The keys of what is to be erased; of a person also of what shows the same. */
export function erasableIn(pictures: HeldPictures, target: HeldTarget): string[] {
  const keys = [...pictures].flatMap(([key, held]) => (isMeant(target, held) ? [key] : []));
  return target.kind === 'before' ? keys : sharingIn(pictures, keys);
}

function isMeant(target: HeldTarget, { subject, at }: HeldPicture): boolean {
  if (target.kind === 'subjects') return target.includes(subject);
  return isErasable(target, subject) || (target.kind === 'before' && at < target.time);
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
