import type { Box } from '@se5/client';
import type { Text } from '../language/text.ts';
import type { Times } from '../time/times.ts';

/** What became of the last outage of a box, in words. */
export function backfillText(
  { state, from, to, recovered, error }: NonNullable<Box['backfill']>,
  t: Text,
  times: Times,
  now: number,
): string {
  const said = t('fleet.outage', {
    from: times.since(from, now),
    to: times.since(to, Date.parse(from)),
    recovered,
    state,
  });
  return error === null ? said : `${said} (${error})`;
}
