/** In which rhythm events leave the boxes. */
export type Pace =
  /**
   * The next burst, written at once, when everybody has got the one before: until the time is
   * up, and at least three times.
   */
  | {
      readonly kind: 'lockstep';
      readonly durationMs: number;
      readonly eventsPerBurst: number;
    }
  /** As fast as they are delivered: never more than `inFlight` events under way. */
  | { readonly kind: 'saturated'; readonly durationMs: number; readonly inFlight: number }
  /** One at a time by the clock, whether the last has been delivered or not. */
  | { readonly kind: 'steady'; readonly events: number; readonly intervalMs: number };
