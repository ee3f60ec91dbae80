import type { CursorPlace } from '../cursor.ts';
import { gapSince } from '../failover/unavailable.ts';
import type { Gap } from '../gap.ts';
import { goneSince } from '../gone.ts';
import type { Position, ResumePoint } from '../journal.ts';
import { lastOf } from './epochs.ts';
import type { JournalState, KeptState } from './state.ts';

/**
 * Where reading on begins for the holder of a cursor, and what of it cannot be had.
 *
 * @param newest The position of the newest record, which may be beyond that of the state.
 * @param place Undefined for a cursor that no key of the file has made.
 */
export function resumeFrom(
  state: JournalState,
  newest: number,
  place: CursorPlace | undefined,
): ResumePoint {
  const known = place && resumeKnown(state, newest, place);
  if (known) return known;
  const gap: Gap = { reason: 'UNKNOWN_CURSOR', from: null, to: null, boxId: null, count: null };
  return { position: state.goneTo as Position, gap };
}

/** Undefined when the record is not in the file. */
function resumeKnown(
  state: JournalState,
  newest: number,
  { epoch, position }: CursorPlace,
): ResumePoint | undefined {
  // No lower bound: whoever knows an opening knows all that was there before it.
  if (position <= (lastOf(state.openings, epoch, newest) ?? -1)) return resumeAt(state, position);
  const lent = state.lent.find((span) => span.epoch === epoch);
  if (!lent || position < lent.first) return undefined;
  if (position <= lent.last) return resumeAt(state, position);
  const atEnd = resumeAt(state, lent.last as Position);
  return { ...atEnd, gap: atEnd.gap ?? gapSince(null) };
}

/** Where reading on begins behind a position, and what of it is gone. */
export function resumeAt(state: KeptState, position: Position): ResumePoint {
  const { goneTo, goneMixedTo, gone, oldestAt } = state;
  if (position >= goneTo) return { position, gap: undefined };
  const count = position >= goneMixedTo ? goneTo - position : null;
  const from = goneSince(gone, position);
  const gap: Gap = { reason: 'RETENTION', from, to: oldestAt, boxId: null, count };
  return { position: goneTo as Position, gap };
}
