import type { Subject } from './keyring.ts';

/** What is to be erased: a person, on all boxes; or everything older than a time (ms since the Unix epoch). */
export type ErasureTarget =
  | { readonly kind: 'identity'; readonly identityId: string }
  | { readonly kind: 'before'; readonly time: number };

/**
 * Whether what is of the subject is to go. What was read back later from its box is as old as what
 * it tells of.
 */
export const isErasable = (
  target: ErasureTarget,
  { identityId, occurredAt, receivedAt }: Omit<Subject, 'personType'>,
): boolean =>
  target.kind === 'identity'
    ? identityId === target.identityId
    : receivedAt < target.time || occurredAt < target.time;
