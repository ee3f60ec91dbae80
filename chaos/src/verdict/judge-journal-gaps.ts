import type { Gap } from '../clients/received.ts';
import type { ClientRecord } from '../clients/subscriber.ts';
import type { Trouble } from '../world/carry-out.ts';
import type { Finding } from './finding.ts';
import { fullDisks, UNWRITTEN_MS } from './full-disk.ts';
import { describe, type JournalOrder, keyOf, spanOf } from './journal-order.ts';
import { isRolledBackTo, restoresOf } from './restores.ts';
import { type SaidGap, saidInJournal, saidTo } from './said-gaps.ts';

/** So much later than it was said a client may hear it, in ms: cut off, half-open or slow, or no box says anything to it. */
const HEARD_LATE_MS = 120_000;

/**
 * Gaps of the journal that nothing explains: it can be read as long as its disk can be written, it
 * has all that a client has seen as long as no copy of before takes its place and nobody deletes
 * the log that it follows, and what is kept for days is not taken by retention in minutes.
 */
export function judgeJournalGaps(
  order: JournalOrder,
  records: readonly ClientRecord[],
  troubles: readonly Trouble[],
): Finding[] {
  const full = fullDisks(troubles);
  const restores = restoresOf(troubles);
  const deletions = troubles.filter(({ fault }) => fault.kind === 'stream deleted');
  const recorded = saidInJournal(order);
  const keys = new Set(recorded.map(({ gap }) => keyOf(gap)));
  const told = records.flatMap(saidTo).filter(({ gap }) => !keys.has(keyOf(gap)));
  const isOfMemory = ({ previous }: SaidGap) =>
    previous !== undefined && !order.epochs.has(previous.epoch);
  const isOfItsTime = ({ event: { at } }: SaidGap) =>
    full.some(({ from, to }) => at >= from && at <= to + UNWRITTEN_MS + HEARD_LATE_MS);
  // However late: a gateway that was away tells its clients when it is back.
  const isOfDeletion = ({ gap, event: { at } }: SaidGap) =>
    gap.reason === 'JOURNAL_UNAVAILABLE' &&
    deletions.some(({ from, to }) => at >= from && spanOf(gap)[0] <= to);
  const isOfRestore = ({ gap, event, previous }: SaidGap) =>
    gap.reason === 'UNKNOWN_CURSOR' && isRolledBackTo(restores, event, previous);
  return [
    ...judgeAll(recorded, ({ gap }) => full.some((disk) => touches(disk, gap))),
    ...judgeAll(told, (said) =>
      [isOfMemory, isOfItsTime, isOfDeletion, isOfRestore].some((isWhy) => isWhy(said)),
    ),
  ];
}

const judgeAll = (said: readonly SaidGap[], isExplained: (said: SaidGap) => boolean): Finding[] =>
  said.flatMap((each) => {
    const { who, gap, event } = each;
    const reason = reasonAgainst(gap, isExplained(each));
    return reason === undefined ? [] : [{ who, what: `${describe(gap)} ${reason}`, at: event.at }];
  });

function reasonAgainst({ reason }: Gap, isExplained: boolean): string | undefined {
  switch (reason) {
    case 'BOX_UNREACHABLE':
      return undefined;
    case 'JOURNAL_UNAVAILABLE':
    case 'UNKNOWN_CURSOR':
      return isExplained
        ? undefined
        : 'was said, though no full disk, no copy and no deleted log explains it';
    case 'RETENTION':
      return 'was said, though everything is kept';
  }
}

function touches({ from, to }: Trouble, gap: Gap): boolean {
  const [gapFrom, gapTo] = spanOf(gap);
  return gapTo >= from && gapFrom <= to + UNWRITTEN_MS;
}
