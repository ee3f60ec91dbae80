import type { Payload } from './payload.ts';

/**
 * How far a connection's client is behind with reading. `soft`: it has more than its soft budget
 * in front of it, and new pictures are left out. `hard`: more than its hard budget, and nothing
 * more is pushed live.
 */
export type OutboxLevel = 'clear' | 'soft' | 'hard';

/** The one writer of a connection, as far as fan-out knows it. */
export interface Outlet {
  /** Right after each push: it counts what waits for a flush, too. */
  readonly level: OutboxLevel;
  /** Something was pushed, and whoever pushed it has not flushed yet. */
  readonly isUnflushed: boolean;
  /** Writes what was pushed: all of it at once, as far as the connection takes it. */
  flush(): void;
  /** The listener is told each time the level comes back to `clear`, never within a push. */
  onClear(listener: () => void): Disposable;
}

/** Where the events of one subscription go: its connection's outbox, under its own id. */
export interface SubscriptionSink {
  readonly outbox: Outlet;
  /** Puts the event into the outbox; does nothing once the connection is closing. Must not throw. */
  event(payload: Payload): void;
}
