import type { Gap } from '../clients/received.ts';
import type { ClientRecord } from '../clients/subscriber.ts';
import type { FaultKind, PlannedFault } from '../plan/fault.ts';
import type { Trouble } from '../world/carry-out.ts';
import type { Finding } from './finding.ts';
import { fullDisks, UNWRITTEN_MS } from './full-disk.ts';
import { describe, type JournalOrder, keyOf, spanOf } from './journal-order.ts';
import { isRolledBack, restoresOf } from './restores.ts';
import { saidInJournal, saidTo } from './said-gaps.ts';

/** What can keep the gateway from hearing a box. */
const OF_A_BOX: ReadonlySet<FaultKind> = new Set([
  'box restarted',
  'box cut off',
  'box half-open',
  'box stalled',
  'gateway cut off from box',
]);
const OF_ANY_BOX: ReadonlySet<FaultKind> = new Set([
  'gateway killed',
  'gateway restarted',
  'journal restored',
  // Others take the boxes of a gateway that can't be heard, which takes some seconds.
  'gateway paused',
  'gateway stutters',
  'gateway cut off from NATS',
  'gateways restarted',
  'NATS killed',
  'NATS majority killed',
]);

/** So long after a fault, a link may still wait to be tried again: its longest back-off, in ms. */
const AFTER_MS = 30_000;

/**
 * What was said so shortly before a journal can be written no more need not be in it: events and the
 * notes how far each box was heard, which come once a second, may have been on their way.
 */
const UNNOTED_MS = 2_000;

/** Gaps of a box that nothing explains: one that could be reached all the time loses nothing. */
export function judgeBoxGaps(
  order: JournalOrder,
  records: readonly ClientRecord[],
  troubles: readonly Trouble[],
  boxIds: readonly string[],
): Finding[] {
  const recorded = saidInJournal(order);
  const told = records.flatMap(saidTo);
  const restores = restoresOf(troubles);
  // What was in memory only, for want of a disk, may have gone with the process.
  const gone = told.filter(
    ({ event }) => !order.epochs.has(event.epoch) || isRolledBack(restores, event.at),
  );
  const accounted = new Set([...recorded, ...gone].map(({ gap }) => keyOf(gap)));
  const once = new Map([...told, ...recorded].map((said) => [keyOf(said.gap), said]));
  return [...once].flatMap(([key, { who, gap, event }]) => {
    if (gap.reason !== 'BOX_UNREACHABLE') return [];
    const finding = (what: string) => [{ who, what: `${describe(gap)} ${what}`, at: event.at }];
    if (!accounted.has(key)) return finding('was said, and is not in the journal');
    const isExplained = troubles.some((trouble) => explains(trouble, gap, boxIds, troubles));
    return isExplained ? [] : finding('was said, though the box could be reached');
  });
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

/**
 * With the gateway goes what it had in memory only: all since the disk became full. With a journal
 * that is rolled back goes all since it was copied, which is where that trouble begins.
 */
function unwrittenSince({ from }: Trouble, troubles: readonly Trouble[]): number {
  const full = fullDisks(troubles).filter(
    (disk) => disk.from <= from && disk.to + UNWRITTEN_MS >= from,
  );
  return Math.min(from, ...full.map((each) => each.from)) - UNNOTED_MS;
}

const hits = (fault: PlannedFault, { boxId }: Gap, boxIds: readonly string[]): boolean =>
  'box' in fault && boxIds[fault.box] === boxId;
