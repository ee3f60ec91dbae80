/** How what was missed is read back. Times in ms. */
export interface BackfillOptions {
  /**
   * How far the box's clock may be from where it was measured, to either side: so much more than
   * the outage is read, and an event from near its end may also come live. Default 5,000.
   */
  readonly clockMarginMs: number;
  /** The same while nothing has been measured. Default 60,000. */
  readonly unknownClockMarginMs: number;
  /**
   * How far the box's clock may have been from all that is known of it, to either side, while
   * nobody listened. So much more is read last, because a clock that was set wrong and set right
   * again within one outage leaves no other trace. Default 180,000.
   */
  readonly unseenClockMs: number;
  /** An event is read back only when it is so old: until then it may be under way. Default 2,000. */
  readonly settleMs: number;
  /** Between two pages of one box: 5 pages or 250 events in a second at most. Default 200. */
  readonly pagePauseMs: number;
  /** Between attempts, which begin anew with each bit of progress; then it is given up. Default 1 s, 5 s, 30 s. */
  readonly retryMs: readonly number[];
  /** What is read at a time: the span is cut so that each part has about so many. Default 1,000. */
  readonly maxEvents: number;
  /**
   * How often it is noted in the journal how far each box was listened to: by so much more than it
   * was down, a gateway that was killed asks for. Default 1,000.
   */
  readonly noteMs: number;
  /**
   * How far back a box is read that no gateway of this journal has ever listened to. What it stores
   * no more from then, or could not be read, is a gap. Default 0: its past is not read.
   */
  readonly newBoxMs: number;
}

export const BACKFILL_DEFAULTS: BackfillOptions = {
  clockMarginMs: 5_000,
  unknownClockMarginMs: 60_000,
  unseenClockMs: 180_000,
  settleMs: 2_000,
  pagePauseMs: 200,
  retryMs: [1_000, 5_000, 30_000],
  maxEvents: 1_000,
  noteMs: 1_000,
  newBoxMs: 0,
};
