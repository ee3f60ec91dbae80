import type { Gap } from '../journal/gap.ts';
import type { EventRecord, Position } from '../journal/journal.ts';
import type { Recognition } from '../journal/recognition.ts';

/** One event on its way to one subscriber, with what is said to this subscriber only. */
export interface Delivery {
  readonly event: Recognition;
  readonly position: Position;
  /** Sent from the journal to one who was away or behind, not as it happened. */
  readonly replayed: boolean;
  /** It was there before this subscription began: how far back one may look matters. */
  readonly isPast: boolean;
  /** Whether the three pictures are shown at all (`withImages`). */
  readonly withImages: boolean;
  /** The base64 is left out because this subscriber is behind. */
  readonly imagesOmitted: boolean;
  readonly gapsBefore: readonly Gap[];
}

/** An event in the answer to a query. */
export const inHistory = ({ event, position }: EventRecord): Delivery => ({
  event,
  position,
  replayed: true,
  isPast: true,
  withImages: true,
  imagesOmitted: false,
  gapsBefore: [],
});
