/** Something that is not as it was promised. */
export interface Finding {
  /** A client, or the journal. */
  readonly who: string;
  readonly what: string;
  /** Where in the timeline to look for the cause; ms since the Unix epoch. */
  readonly at: number;
  /** What was received around it, a line each, in its order. */
  readonly received?: readonly string[];
}
