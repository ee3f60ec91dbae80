import type { PersonTag } from '../key-file.ts';

/** Rows that an erasure deletes though no key covers them: all of a stranger, or all from before a time. */
export type UncoveredRows =
  | { readonly kind: 'stranger'; readonly stranger: PersonTag }
  | { readonly kind: 'before'; readonly time: number };

/** What an erasure anywhere in the cluster took. It names nobody. */
export interface ErasureNotice {
  /** The tags of persons and the ids of days whose keys are gone. The key file's log of forgotten keys has them too. */
  readonly forgotten: readonly (PersonTag | number)[];
  /** Of these, only rows from before the erasure are meant. */
  readonly uncovered: readonly UncoveredRows[];
}
