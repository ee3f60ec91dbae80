import type { PlacedGap } from '../../verdict/journal-order.ts';
import type { Trouble } from '../../world/carry-out.ts';
import type { GatewayHistory } from './merged.ts';
import { isOfLog } from './shared-order.ts';

/** So long after a stream was deleted the gateways have noticed, and have made a new one, in ms. */
export const NOTICED_MS = 10_000;

/**
 * What gateways say that they could not have of the log. They do not know when that ends; here it
 * ends soon after the log was deleted.
 */
export function lostWithLog(
  histories: readonly GatewayHistory[],
  troubles: readonly Trouble[],
): readonly PlacedGap[] {
  const ends = troubles.flatMap(({ fault, to }) =>
    fault.kind === 'stream deleted' ? [to + NOTICED_MS] : [],
  );
  return histories.flatMap(({ events }) =>
    events.flatMap(({ gapsBefore }, index) =>
      gapsBefore.filter(isOfLog).flatMap((gap) => {
        const end = ends.find((each) => gap.from === null || each >= Date.parse(gap.from));
        return end === undefined
          ? []
          : [{ gap: { ...gap, to: new Date(end).toISOString() }, index }];
      }),
    ),
  );
}
