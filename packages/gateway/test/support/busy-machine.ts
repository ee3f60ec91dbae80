import type { BackfillOptions } from '../../src/fleet/backfill/options.ts';

/**
 * For a gateway in a process of its own, which measures by the real clock: how long the box or the
 * gateway may get no turn of the machine before an event counts as lost. Real tests wait so long
 * for the last event of an outage.
 */
export const FOR_A_BUSY_MACHINE = {
  clockMarginMs: 2_000,
  unknownClockMarginMs: 2_000,
  settleMs: 1_000,
  retryMs: [5, 5],
} satisfies Partial<BackfillOptions>;
