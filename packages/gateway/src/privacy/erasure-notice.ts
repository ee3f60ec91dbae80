import type { KeyFile, PersonTag } from './key-file.ts';
import { isOfPerson, type Subject } from './keyring.ts';

/**
 * When an erasure happened. The journal keeps later events, and NATS later pictures. The picture
 * store of a gateway deletes all pictures of the person that it has when the notice arrives.
 */
export interface ErasureMoment {
  /** The newest position of the log. The positions of a log that is made anew are higher. */
  readonly position: number;
  /** By the clock of the gateway that erased, in ms since the Unix epoch. */
  readonly at: number;
}

/** Rows that an erasure deletes though no key covers them: all of a stranger, or all from before a time. */
export type UncoveredRows = (
  | { readonly kind: 'stranger'; readonly stranger: PersonTag }
  | { readonly kind: 'before'; readonly time: number }
) & {
  /** Default: rows that a store has when it learns of the erasure. Older gateways do not say. */
  readonly until?: ErasureMoment;
};

/** What an erasure anywhere in the cluster took. It names nobody. */
export interface ErasureNotice {
  /** The tags of persons and the ids of days whose keys are gone. The key file's log of forgotten keys has them too. */
  readonly forgotten: readonly (PersonTag | number)[];
  /** The keyed hashes of the ids of these persons. */
  readonly persons: readonly string[];
  /** Of these, only rows from before the erasure are meant. */
  readonly uncovered: readonly UncoveredRows[];
}

/** Makes the test whether the notice is about the person or the stranger of a subject. */
export function namedBy(
  { persons, uncovered }: Pick<ErasureNotice, 'persons' | 'uncovered'>,
  file: Pick<KeyFile, 'keyedHash'>,
): (subject: Subject) => boolean {
  const names = new Set(persons);
  const strangers = new Set(
    uncovered.flatMap((rows) => (rows.kind === 'stranger' ? [rows.stranger] : [])),
  );
  return (subject) => {
    const { identityId } = subject;
    if (identityId === '') return false;
    return isOfPerson(subject)
      ? names.size > 0 && names.has(file.keyedHash('person', identityId))
      : strangers.size > 0 && strangers.has(file.keyedHash('stranger', identityId));
  };
}
