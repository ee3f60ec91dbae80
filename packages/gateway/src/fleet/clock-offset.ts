/**
 * So many events are looked at: enough that a few late ones don't move the median, few enough
 * that a clock that was set right shows after some people have walked by.
 */
const SAMPLES = 31;

/**
 * By how much a box's clock is ahead of ours, estimated from its live events.
 *
 * Every sample is too small by the time that the recognition and the network took. The median
 * bears with late events (a burst after a stall) and with single absurd timestamps; the
 * maximum, which would be nearer to the truth on a good day, is ruined by one of those.
 */
export class ClockOffset {
  readonly #samples: number[] = [];
  #next = 0;

  /** Both in ms since the Unix epoch: by the box's clock, and by ours. */
  sample(occurredAt: number, receivedAt: number): void {
    this.#samples[this.#next] = occurredAt - receivedAt;
    this.#next = (this.#next + 1) % SAMPLES;
  }

  /** Whole ms; undefined before the first sample. */
  get estimateMs(): number | undefined {
    const sorted = this.#samples.toSorted((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)];
    return median === undefined ? undefined : Math.round(median);
  }
}
