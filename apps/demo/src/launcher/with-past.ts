import type { GatewayOptions } from '@se5/gateway';
import { PAST_MS } from './past-day.ts';

/** Keys of the configuration of a gateway that reads the past of its boxes, while nobody looks yet. */
export const pastConfig = { images: { capture: 'always' } } as const;

/** How long it may take until a gateway first hears a box, in ms: its past is older by as much. */
const START_MS = 5 * 60_000;

/** The boxes are new to it, their clocks are right, and it may ask them as fast as it can. */
export const pastBackfill: NonNullable<GatewayOptions['backfill']> = {
  newBoxMs: PAST_MS + START_MS,
  unknownClockMarginMs: 2_000,
  unseenClockMs: 0,
  pagePauseMs: 0,
};
