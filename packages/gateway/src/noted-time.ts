/** A time that is kept for later processes, for which the wall clock may have been set. */
export interface NotedTime {
  /** ms since the Unix epoch, by our clock as it stood when this was noted. */
  readonly at: number;
  /** The same by the elapsed time of the machine. Left out: nobody knows. */
  readonly instant?: {
    /** The start of the machine that the instant belongs to; see `Clock.boot`. */
    readonly boot: string;
    /** ms, as `Clock.elapsed` counts. */
    readonly ms: number;
    /**
     * Of the time of a box: by how much its clock was ahead of the instants, in ms, as its latest
     * events said, and those before what has not been read back yet; some dozens of numbers at most. The wall times of its events do not tell that, where the wall
     * clock was set since. Left out: it had said nothing.
     */
    readonly aheadMs?: readonly number[];
  };
}
