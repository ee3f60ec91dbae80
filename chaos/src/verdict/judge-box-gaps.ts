import type { Gap } from '../clients/received.ts';
import type { ClientRecord } from '../clients/subscriber.ts';
import type { FaultKind, PlannedFault } from '../plan/fault.ts';
import type { Trouble } from '../world/carry-out.ts';
import type { Finding } from './finding.ts';
import { describe, type JournalOrder, keyOf, spanOf } from './journal-order.ts';

/** What can keep the gateway from hearing a box. */
const OF_A_BOX: ReadonlySet<FaultKind> = new Set([
  'box restarted',
  'box cut off',
  'box half-open',
  'box stalled',
]);
const OF_ANY_BOX: ReadonlySet<FaultKind> = new Set(['gateway killed', 'gateway restarted']);

/** So long after a fault, a link may still wait to be tried again: its longest back-off, in ms. */
const AFTER_MS = 30_000;

/** So long after the disk has room again, events may still be in memory only. */
const UNWRITTEN_MS = 10_000;

/** What was said so shortly before the gateway ended may have been on its way to the disk. */
const IN_FLIGHT_MS = 1_000;

/**
 * Gaps that nothing explains. A box that could be reached all the time loses nothing; a journal
 * is there as long as its disk is; what is kept for days is not taken by retention in minutes.
 */
export function judgeFalseGaps(
  { events, gaps }: JournalOrder,
  records: readonly ClientRecord[],
  troubles: readonly Trouble[],
  boxIds: readonly string[],
): Finding[] {
  const said = new Map<string, readonly [who: string, gap: Gap]>();
  for (const { gap } of gaps) said.set(keyOf(gap), ['the journal', gap]);
  const accounted = new Set(said.keys());
  const ownEpoch = events.at(-1)?.epoch;
  for (const { name, received } of records) {
    for (const { epoch, gapsBefore } of received) {
      for (const gap of gapsBefore) {
        if (!said.has(keyOf(gap))) said.set(keyOf(gap), [name, gap]);
        // What was in memory only, for want of a disk, may have gone with the process.
        if (epoch !== ownEpoch) accounted.add(keyOf(gap));
      }
    }
  }
  return [...said].flatMap(([key, [who, gap]]) => {
    const reason = reasonAgainst(gap, troubles, boxIds, accounted.has(key));
    const at = Date.parse(gap.to ?? gap.from ?? '') || 0;
    return reason === undefined ? [] : [{ who, what: `${describe(gap)} ${reason}`, at }];
  });
}

function reasonAgainst(
  gap: Gap,
  troubles: readonly Trouble[],
  boxIds: readonly string[],
  isAccounted: boolean,
): string | undefined {
  switch (gap.reason) {
    case 'BOX_UNREACHABLE': {
      if (!isAccounted) return 'was said, and is not in the journal';
      const isExplained = troubles.some((trouble) => explains(trouble, gap, boxIds, troubles));
      return isExplained ? undefined : 'was said, though the box could be reached';
    }
    case 'JOURNAL_UNAVAILABLE':
    case 'UNKNOWN_CURSOR': {
      const wasFull = troubles.some(({ fault }) => fault.kind === 'disk full');
      return wasFull ? undefined : 'was said, though the disk was never full';
    }
    case 'RETENTION':
      return 'was said, though everything is kept';
  }
}

function explains(
  trouble: Trouble,
  gap: Gap,
  boxIds: readonly string[],
  troubles: readonly Trouble[],
): boolean {
  const { fault, from, to } = trouble;
  const [gapFrom, gapTo] = spanOf(gap);
  if (gapFrom > to + AFTER_MS) return false;
  if (OF_ANY_BOX.has(fault.kind)) return gapTo >= unwrittenSince(trouble, troubles);
  return gapTo >= from && OF_A_BOX.has(fault.kind) && hits(fault, gap, boxIds);
}

/** With the gateway goes what it had in memory only: all since the disk became full. */
function unwrittenSince({ from }: Trouble, troubles: readonly Trouble[]): number {
  const full = troubles.filter(
    (each) =>
      each.fault.kind === 'disk full' && each.from <= from && each.to + UNWRITTEN_MS >= from,
  );
  return Math.min(from - IN_FLIGHT_MS, ...full.map((each) => each.from));
}

const hits = (fault: PlannedFault, { boxId }: Gap, boxIds: readonly string[]): boolean =>
  'box' in fault && boxIds[fault.box] === boxId;
