import { z } from 'zod';

/** The variable that tells a gateway's process how far its clock is ahead when it starts, in ms. */
export const AHEAD_MS = 'SE5_CHAOS_CLOCK_AHEAD_MS';

/** Sets the clock of a gateway's process, which sends the same back when it is set. */
export const clockMessageSchema = z.object({ aheadMs: z.number() });

export type ClockMessage = z.infer<typeof clockMessageSchema>;
