import type { BoxId } from '../config/ids.ts';
import type { NotedTime } from '../noted-time.ts';

export type GapReason = 'BOX_UNREACHABLE' | 'RETENTION' | 'UNKNOWN_CURSOR' | 'JOURNAL_UNAVAILABLE';

/** A span that could not be had. Null means not known, or not bound to one box. */
export interface Gap {
  readonly reason: GapReason;
  /**
   * ms since the Unix epoch, by our clock. Of RETENTION: what is missing came at this time or
   * later, to the hour; null when it went more than ten days of records ago. With a `boxId`, only
   * records of that box are missing, and some of them may have been read before they went.
   */
  readonly from: number | null;
  readonly to: number | null;
  readonly boxId: BoxId | null;
  /** How many events, where that is known. */
  readonly count: number | null;
}

/** What the gap of a box notes of it: `Journal.settle`. */
export const settledBy = ({ reason, boxId, to }: Gap): [BoxId, NotedTime] | undefined =>
  reason === 'BOX_UNREACHABLE' && boxId !== null && to !== null ? [boxId, { at: to }] : undefined;
