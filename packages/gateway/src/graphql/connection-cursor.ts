import type { Caller } from '../access/caller.ts';
import type { Viewer } from '../access/viewer.ts';
import type { ConnectionSubscriptions, Subscription } from '../fanout/subscription.ts';
import type { Cursor, Journal, Position } from '../journal/journal.ts';

/** Who asks, and over which connection: the same for every operation of a connection. */
export interface Connection extends Caller {
  /** A WebSocket may show a newer credential of the same viewer. */
  viewer: Viewer;
  /** The client's `Last-Event-ID`, of the header or the query; beats the argument `after`. */
  readonly resumeAfter: string | undefined;
  readonly cursor: ConnectionCursor;
}

/** The subscriptions of one connection, a socket or a stream of events, and how far it has got. */
export class ConnectionCursor implements ConnectionSubscriptions {
  readonly #journal: Pick<Journal, 'cursorAt'>;
  readonly #newest: () => Position;
  readonly #subscriptions = new Set<Subscription>();

  /** @param newest The position of the newest record that the viewer may see. */
  constructor(journal: Pick<Journal, 'cursorAt'>, newest: () => Position) {
    this.#journal = journal;
    this.#newest = newest;
  }

  /**
   * The point up to which everything has been put into the connection's outbox: that of the
   * subscription which is furthest behind, or the newest there is when there is none. Undefined
   * while one of them can't promise anything yet.
   */
  get current(): Cursor | undefined {
    let least = this.#newest();
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
