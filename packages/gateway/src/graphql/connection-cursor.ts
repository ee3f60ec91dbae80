import type { Caller } from '../access/caller.ts';
import type { ConnectionSubscriptions, Subscription } from '../fanout/subscription.ts';
import type { Cursor, Journal } from '../journal/journal.ts';

/** Who asks, and over which connection: the same for every operation of a connection. */
export interface Connection extends Caller {
  /** The client's `Last-Event-ID`, of the header or the query; beats the argument `after`. */
  readonly resumeAfter: string | undefined;
  readonly cursor: ConnectionCursor;
}

/** The subscriptions of one connection, a socket or a stream of events, and how far it has got. */
export class ConnectionCursor implements ConnectionSubscriptions {
  readonly #journal: Journal;
  readonly #subscriptions = new Set<Subscription>();

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /**
   * The point up to which everything has been put into the connection's outbox: that of the
   * subscription which is furthest behind, or the newest there is when there is none. Undefined
   * while one of them can't promise anything yet.
   */
  get current(): Cursor | undefined {
    let least = this.#journal.newest;
    for (const { position } of this.#subscriptions) {
      if (position === undefined) return undefined;
      if (position < least) least = position;
    }
    return this.#journal.cursorAt(least);
  }

  add(subscription: Subscription): void {
    this.#subscriptions.add(subscription);
  }

  delete(subscription: Subscription): void {
    this.#subscriptions.delete(subscription);
  }
}
