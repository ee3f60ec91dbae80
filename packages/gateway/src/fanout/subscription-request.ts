import type { PictureSlot } from '@se5/core';
import type { Detail } from '../journal/detail.ts';
import type { EventFilter } from '../journal/filter.ts';

/** What a subscription to recognitions asks for, as its arguments and its selection say it. */
export interface SubscriptionRequest {
  /** Undefined: every device. Empty: none. Beside `filter.deviceIds`: both must agree. */
  readonly deviceIds?: readonly string[];
  readonly filter?: EventFilter;
  /** Begin after this cursor; without it, with the next record. */
  readonly after?: string;
  readonly withImages: boolean;
  /** Which pictures are looked at; asked of the boxes only `withImages`. */
  readonly pictures: readonly PictureSlot[];
  /** What of an event the selection shows. Default: full. */
  readonly detail?: Detail;
}
