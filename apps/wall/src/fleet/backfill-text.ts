import type { Box } from '@se5/client';
import { sinceTime } from '../time/format.ts';
import { counted } from '../ui/counted.ts';

/** What became of the last outage of a box, in words. */
export function backfillText(
  { state, from, to, recovered, error }: NonNullable<Box['backfill']>,
  zone: string,
  now: number,
): string {
  const span = `${sinceTime(from, zone, now)} to ${sinceTime(to, zone, now)}`;
  const read = `${counted(recovered, 'recognition')} read back`;
  switch (state) {
    case 'RUNNING':
      return `${span}: ${read} so far`;
    case 'COMPLETE':
      return `${span}: ${read}, nothing is missing`;
    case 'INCOMPLETE':
      return `${span}: ${read}, the rest is a gap${error === null ? '' : ` (${error})`}`;
  }
}
