import type { ImageKey } from '../images/image-store.ts';
import type { EventId, Recognition } from './recognition.ts';

/** What is to be deleted: a person, on all boxes; or everything older than a time (ms since the Unix epoch). */
export type ErasureTarget =
  | { readonly kind: 'identity'; readonly identityId: string }
  | { readonly kind: 'before'; readonly time: number };

/** What has to be known of events that are about to go. */
export interface ErasableEvents {
  readonly ids: readonly EventId[];
  readonly pictures: readonly ImageKey[];
  /** Of the persons, each once. */
  readonly names: readonly string[];
}

export type ErasureProgress =
  | { readonly phase: 'events'; readonly events: number }
  /** Of the file, in which the events leave no trace. */
  | { readonly phase: 'pages'; readonly done: number; readonly of: number };

export interface ErasureObserver {
  /** These go once this has settled. When it rejects they stay, so that all can be done again. */
  going(events: ErasableEvents): Promise<void>;
  /** Synchronous, must not throw. */
  progress(progress: ErasureProgress): void;
}

/**
 * Whether the event is to go. One that was read back later from its box is as old as what it
 * tells of.
 */
export const isErasable = (target: ErasureTarget, event: Recognition): boolean =>
  target.kind === 'identity'
    ? event.identityId === target.identityId
    : event.receivedAt < target.time || event.occurredAt < target.time;

export const erasableOf = (events: readonly Recognition[]): ErasableEvents => ({
  ids: events.map(({ id }) => id),
  pictures: events.flatMap(({ pictures }) => Object.values(pictures).map(({ key }) => key)),
  names: [...new Set(events.map(({ identityName }) => identityName))],
});
