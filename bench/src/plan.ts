/** How much is measured. Times in ms. */
export interface Plan {
  /** In each round, every contender has its turn. */
  readonly rounds: number;
  /** How long a new server takes events before anything is measured. */
  readonly heatMs: number;
  /** How long events of a kind are sent before those that are measured. */
  readonly warmUpMs: number;
  readonly windowMs: number;
  /** A number of clients, boxes or events, or a time, as this plan has it. */
  readonly scaled: (full: number) => number;
}

/** The recorded figures come from this plan. */
export const FULL: Plan = {
  rounds: 3,
  heatMs: 1_000,
  warmUpMs: 400,
  windowMs: 800,
  scaled: (full) => full,
};

/** Shows that all of it works; its figures mean little. */
export const QUICK: Plan = {
  rounds: 1,
  heatMs: 50,
  warmUpMs: 50,
  windowMs: 150,
  scaled: (full) => Math.ceil(full / 50),
};
