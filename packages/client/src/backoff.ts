/** Bounds of a delay, in ms. */
export interface BackoffBounds {
  readonly min: number;
  readonly max: number;
}

/**
 * How long to wait before an attempt, in ms: full jitter below a ceiling that doubles from
 * `2 * min` up to `max`, and above the floor `min`, so that clients which lost the same gateway
 * together don't come back together.
 *
 * @param attempt counted from 1.
 * @param random uniform in [0, 1).
 */
export function backoffDelay(attempt: number, { min, max }: BackoffBounds, random: number): number {
  const ceiling = Math.min(max, min * 2 ** attempt);
  return min + random * (ceiling - min);
}
