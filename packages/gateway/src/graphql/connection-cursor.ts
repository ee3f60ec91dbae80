import type { Caller } from '../access/caller.ts';
import type { Viewer } from '../access/viewer.ts';
import type { ConnectionSubscriptions, Progress } from '../fanout/subscription.ts';
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
  readonly #subscriptions = new Set<Progress>();

  /** @param newest The position of the newest record that the viewer may see. */
  constructor(journal: Pick<Journal, 'cursorAt'>, newest: () => Position) {
    this.#journal = journal;
    this.#newest = newest;
  }

  /**
   * The point up to which everything has been put into the connection's outbox: that of the
   * subscription which is furthest behind, or the newest there is when there is none. Undefined
   * while one of them can't promise anything yet. Never before the point at which a subscription
   * resumed: another gateway may have delivered more than this one has yet.
   */
  get current(): Cursor | undefined {
    const newest = this.#newest();
    let least: Position | undefined;
    for (const { position, resumedAt } of this.#subscriptions) {
      if (position === undefined) return undefined;
      const reached = min(position, max(newest, resumedAt));
      least = least === undefined ? reached : min(least, reached);
    }
    return this.#journal.cursorAt(least ?? newest);
  }

  add(subscription: Progress): void {
    this.#subscriptions.add(subscription);
  }

  delete(subscription: Progress): void {
    this.#subscriptions.delete(subscription);
  }
}

const min = (a: Position, b: Position): Position => (a < b ? a : b);
const max = (a: Position, b: Position): Position => (a > b ? a : b);
