import type { Subject } from './keyring.ts';

/** Data to erase: that of a person on all boxes, or all from before a time (ms since the Unix epoch). */
export type ErasureTarget =
  | { readonly kind: 'identity'; readonly identityId: string }
  | { readonly kind: 'before'; readonly time: number };

/**
 * Whether the target covers the subject. An event that was read back later counts by the earlier of
 * its two times.
 */
export const isErasable = (
  target: ErasureTarget,
  { identityId, occurredAt, receivedAt }: Omit<Subject, 'personType'>,
): boolean =>
  target.kind === 'identity'
    ? identityId === target.identityId
    : receivedAt < target.time || occurredAt < target.time;
