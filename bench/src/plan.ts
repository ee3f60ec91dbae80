/** How much is measured. */
export interface Plan {
  /** In each, every contender has its turn. */
  readonly rounds: number;
  /** How long a new server is sent as much as it can take before anything is measured, in ms. */
  readonly heatMs: number;
  /** More of what is about to be measured, and then the measurement, in ms. */
  readonly warmUpMs: number;
  readonly windowMs: number;
  readonly fanOut: {
    readonly subscribers: readonly number[];
    /** Of these, as many deliveries as possible are measured too. */
    readonly saturated: number;
  };
  readonly pictures: { readonly subscribers: number };
  readonly selections: { readonly subscribers: number };
  readonly memory: { readonly subscriptions: number };
  readonly ingest: { readonly picturedEvents: number; readonly parsedMessages: number };
  readonly latency: { readonly plain: LatencyPlan; readonly pictures: LatencyPlan };
  readonly journal: JournalPlan;
  readonly reconnect: {
    readonly clients: number;
    readonly others: number;
    readonly missed: number;
  };
  readonly growth: { readonly subscribers: readonly number[]; readonly boxes: readonly number[] };
}

export interface LatencyPlan {
  readonly subscribers: number;
  /** Events a second. */
  readonly rate: number;
  readonly events: number;
  /** Sent to the stalled client alone, so that nothing more fits on its way. */
  readonly stallingEvents: number;
}

export interface JournalPlan {
  /** In the file while it is measured; each a multiple of the first. */
  readonly events: readonly number[];
  /** Of each turn, in ms: more than from one checkpoint to the next. */
  readonly turnMs: number;
  /** Of each kind, in each round. */
  readonly queries: number;
}

/** What the recorded figures come from. */
export const FULL: Plan = {
  rounds: 3,
  heatMs: 1_000,
  warmUpMs: 400,
  windowMs: 800,
  fanOut: { subscribers: [500, 5_000], saturated: 500 },
  pictures: { subscribers: 500 },
  selections: { subscribers: 1_000 },
  memory: { subscriptions: 10_000 },
  ingest: { picturedEvents: 600, parsedMessages: 400 },
  latency: {
    plain: { subscribers: 1_000, rate: 20, events: 60, stallingEvents: 30_000 },
    pictures: { subscribers: 100, rate: 5, events: 20, stallingEvents: 150 },
  },
  growth: { subscribers: [10, 100, 1_000, 10_000], boxes: [1, 10, 100, 1_000] },
  journal: { events: [1_000_000, 10_000_000], turnMs: 6_000, queries: 40 },
  reconnect: { clients: 10_000, others: 100, missed: 5 },
};

/** Shows that all of it works; its figures mean little. */
export const QUICK: Plan = {
  rounds: 1,
  heatMs: 50,
  warmUpMs: 50,
  windowMs: 150,
  fanOut: { subscribers: [50], saturated: 50 },
  pictures: { subscribers: 10 },
  selections: { subscribers: 200 },
  memory: { subscriptions: 200 },
  ingest: { picturedEvents: 20, parsedMessages: 40 },
  latency: {
    plain: { subscribers: 50, rate: 20, events: 20, stallingEvents: 1_000 },
    pictures: { subscribers: 10, rate: 20, events: 10, stallingEvents: 20 },
  },
  growth: { subscribers: [10, 100], boxes: [1, 10] },
  journal: { events: [2_000, 6_000], turnMs: 150, queries: 5 },
  reconnect: { clients: 50, others: 5, missed: 3 },
};
