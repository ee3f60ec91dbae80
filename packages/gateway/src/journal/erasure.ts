import type { Recognition } from './recognition.ts';

/** What is to be erased: a person, on all boxes; or everything older than a time (ms since the Unix epoch). */
export type ErasureTarget =
  | { readonly kind: 'identity'; readonly identityId: string }
  | { readonly kind: 'before'; readonly time: number };

/** What an erasure took. */
export interface ErasedEvents {
  readonly events: number;
  /**
   * Whether the journal still holds what an older gateway wrote in clear, in rows or free pages:
   * then keys cover only a part of what was erased, and the rest is only deleted.
   */
  readonly hasClear: boolean;
}

/**
 * Whether the event is to go. One that was read back later from its box is as old as what it
 * tells of.
 */
export const isErasable = (
  target: ErasureTarget,
  event: Pick<Recognition, 'identityId' | 'receivedAt' | 'occurredAt'>,
): boolean =>
  target.kind === 'identity'
    ? event.identityId === target.identityId
    : event.receivedAt < target.time || event.occurredAt < target.time;
