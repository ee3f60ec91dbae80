/** What may wait for a client that reads slowly, and how long one that reads nothing is waited for. */
export interface SlowClientsConfig {
  /** For one connection, in bytes: above, events leave their pictures' base64 out. */
  readonly softBytes: number;
  /** Above, events are read from the journal later instead of waiting here. At least `softBytes`. */
  readonly hardBytes: number;
  /** A client that takes nothing for so long, in ms, is given up. */
  readonly stalledAfterMs: number;
  /** A client that has not read an answer to its end after so long, in ms, is given up. */
  readonly answerWithinMs: number;
}

export const DEFAULT_SLOW_CLIENTS: SlowClientsConfig = {
  softBytes: 2 ** 20,
  hardBytes: 4 * 2 ** 20,
  stalledAfterMs: 30_000,
  answerWithinMs: 600_000,
};
