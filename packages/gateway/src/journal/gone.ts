/** From this position on, what is gone came at this time or later; ms since the Unix epoch by our clock. */
export interface GoneMark {
  readonly position: number;
  readonly at: number;
}

/** One mark is kept for an hour of what is gone. */
export const MARK_MS = 3_600_000;

/** Ten days. */
export const MAX_MARKS = 240;

/** When that which is gone behind the position began; null when nobody knows any more. */
export const goneSince = (marks: readonly GoneMark[], position: number): number | null =>
  marks.findLast((mark) => mark.position <= position + 1)?.at ?? null;
