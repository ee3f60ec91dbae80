import type { Finding } from './finding.ts';
import { describe, type JournalOrder, spanOf } from './journal-order.ts';

/**
 * One instant by two wall clocks, each read in whole ms and brought to the true time: in ms. Where
 * the machine's clock was set between two gateways, no note of wall time makes the two one.
 */
const READING_ERROR_MS = 5;

/**
 * Gaps of one box never overlap: each time is said once. A gap that begins before the run is no
 * matter here: a clock that was set forward looks like a machine that slept, so the gap is longer by
 * as much, and reaches over true times that were said before by another clock.
 *
 * @param start of the run; ms since the Unix epoch.
 */
export function judgeOverlaps({ gaps, events }: JournalOrder, start: number): Finding[] {
  const ofBoxes = Map.groupBy(
    gaps.filter((placed) => placed.gap.reason === 'BOX_UNREACHABLE' && startOf(placed) >= start),
    ({ gap }) => gap.boxId,
  );
  return [...ofBoxes.values()].flatMap((placed) => {
    const inTime = placed.toSorted((one, other) => startOf(one) - startOf(other));
    let [furthest] = inTime;
    return inTime.slice(1).flatMap((next): Finding[] => {
      const before = furthest;
      if (!before) return [];
      const isOver = startOf(next) + READING_ERROR_MS < endOf(before);
      if (endOf(next) > endOf(before)) furthest = next;
      if (!isOver) return [];
      const what = `${describe(next.gap)} overlaps that from ${before.gap.from} to ${before.gap.to}`;
      return [{ who: 'the journal', what, at: events[next.index]?.at ?? 0 }];
    });
  });
}

type PlacedGap = JournalOrder['gaps'][number];

const startOf = ({ gap }: PlacedGap): number => spanOf(gap)[0];
const endOf = ({ gap }: PlacedGap): number => spanOf(gap)[1];
