import type { BackfillOptions } from './backfill-options.ts';
import type { KnownEvents } from './sink.ts';

/** A time in which a box was not listened to. ms since the Unix epoch by our clock. */
export interface Outage {
  /** Up to when all that it said was heard; undefined when nobody has noted that. */
  readonly from: number | undefined;
  readonly to: number;
}

/** What was measured of a box before its outage ended. */
export interface Measured {
  /** By how much its clock is ahead of ours, in ms. */
  readonly clockOffsetMs: number | undefined;
  /** Whether it has been heard in the life of this process. */
  readonly isHeard: boolean;
}

/** What is to be read back for an outage. Times by the box's clock where it is not said otherwise. */
export interface ReadingPlan {
  /** By our clock. */
  readonly outageFrom: number;
  readonly clockOffsetMs: number;
  readonly marginMs: number;
  readonly readFrom: number;
  /** From here on, events may have come live too. */
  readonly liveFrom: number;
  /** An event that the box has stored, if it remembers that far back. */
  readonly remembered: number | undefined;
}

/** @returns undefined when nothing can have been missed: nobody has ever listened to the box. */
export function planReading(
  { from, to }: Outage,
  known: KnownEvents,
  { clockOffsetMs, isHeard }: Measured,
  options: BackfillOptions,
): ReadingPlan | undefined {
  const { newest } = known;
  const heardAt = from ?? newest?.receivedAt;
  if (heardAt === undefined) return undefined;
  // A clock that was set back.
  const outageFrom = Math.min(heardAt, to);
  const measuredMs = clockOffsetMs ?? known.clockOffsetMs;
  const offset = measuredMs ?? 0;
  const marginMs = measuredMs === undefined ? options.unknownClockMarginMs : options.clockMarginMs;
  const earliest = outageFrom + offset - marginMs;
  return {
    outageFrom,
    clockOffsetMs: offset,
    marginMs,
    readFrom: Math.max(earliest, forgottenBefore(outageFrom + offset, known, isHeard)),
    liveFrom: to + offset - marginMs,
    remembered: newest?.occurredAt,
  };
}

/**
 * What is older than the oldest event in the journal may have been heard and forgotten again:
 * nobody could tell it from what was missed. Since the newest, or the outage, nothing was heard.
 */
function forgottenBefore(
  outageFrom: number,
  { newest, oldestAt }: KnownEvents,
  isHeard: boolean,
): number {
  if (newest && oldestAt !== undefined) return Math.min(oldestAt, newest.occurredAt);
  return isHeard ? outageFrom : Number.NEGATIVE_INFINITY;
}
