/**
 * So many events are looked at: enough that a few late ones don't move the median, few enough
 * that a clock that was set right shows after some people have walked by.
 */
export const SAMPLES = 31;

/**
 * Offsets that differ by less may be those of one clock, whose events a network brought late. A
 * greater difference is a clock that was set, or one that says nonsense.
 */
export const LATEST_MS = 3_600_000;

/** An offset is somewhere in here, both ends included; ms. */
export interface OffsetRange {
  readonly min: number;
  readonly max: number;
}

/**
 * By how much a box's clock is ahead of ours, as its latest live events say.
 *
 * Every sample is too small by the time that the recognition and the network took. After a step
 * of the box's clock, old samples and new ones disagree, and nobody can tell which of them are
 * late: whatever must not be missed goes by all samples, and only what is shown by the estimate.
 */
export class ClockOffset {
  readonly #samples: number[] = [];
  #next = 0;

  /** @param heardAt By our clock, as `occurredAt` is by the box's: ms. */
  sample(occurredAt: number, heardAt: number): void {
    this.#samples[this.#next] = occurredAt - heardAt;
    this.#next = (this.#next + 1) % SAMPLES;
  }

  /** In no order. */
  get samples(): readonly number[] {
    return this.#samples;
  }

  /**
   * The median, in ms; undefined before the first sample. It bears with late events (a burst after
   * a stall) and with single absurd timestamps.
   */
  get estimateMs(): number | undefined {
    const sorted = this.#samples.toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)];
  }
}

/** What the samples leave possible, ascending: neighbours that differ by at most `joinMs` are one range. */
export function rangesOf(samples: readonly number[], joinMs = LATEST_MS): OffsetRange[] {
  const ranges: OffsetRange[] = [];
  for (const sample of samples.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && sample - last.max <= joinMs) {
      ranges[ranges.length - 1] = { min: last.min, max: sample };
    } else {
      ranges.push({ min: sample, max: sample });
    }
  }
  return ranges;
}
