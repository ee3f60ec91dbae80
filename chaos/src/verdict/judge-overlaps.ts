import type { Finding } from './finding.ts';
import { describe, type JournalOrder, spanOf } from './journal-order.ts';

/** Gaps of one box never overlap: each time is said once. */
export function judgeOverlaps({ gaps, events }: JournalOrder): Finding[] {
  const ofBoxes = Map.groupBy(
    gaps.filter(({ gap }) => gap.reason === 'BOX_UNREACHABLE'),
    ({ gap }) => gap.boxId,
  );
  return [...ofBoxes.values()].flatMap((placed) => {
    const inTime = placed.toSorted((one, other) => startOf(one) - startOf(other));
    let [furthest] = inTime;
    return inTime.slice(1).flatMap((next): Finding[] => {
      const before = furthest;
      if (!before) return [];
      const isOver = startOf(next) < endOf(before);
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
