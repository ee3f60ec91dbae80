import type { BoxEvent, PictureSlot } from './event.ts';

/**
 * Names a picture that a box keeps, for it to be asked for. An `event` picture goes with the
 * event it was taken for; `datetime` is that event's timestamp as the box wrote it.
 */
export type PictureReference =
  | { readonly kind: 'event'; readonly id: string; readonly datetime: string }
  | { readonly kind: 'enrolled'; readonly id: string };

/**
 * One recognition as a box has stored it: what the live event said, with references in the place
 * of the pictures. `eventId` is the store's own id, which no live event has.
 */
export interface StoredEvent extends Omit<BoxEvent, 'pictures'> {
  readonly pictures: { readonly [slot in PictureSlot]?: PictureReference };
}
