import type { Delivery } from '../fanout/delivery.ts';
import type { RecognitionSubscription } from '../fanout/subscription.ts';
import type { Cursor, Journal, Position } from '../journal/journal.ts';
import type { CursorTracker, GraphQLConnection } from '../schema/context.ts';

/** A connection, and how far its client has got on it. */
export interface Connection extends GraphQLConnection {
  readonly cursor: ConnectionCursor;
}

/** How far a client has got on one connection: a socket, or a stream of events. */
export class ConnectionCursor implements CursorTracker {
  readonly #journal: Journal;
  readonly #subscriptions = new Set<RecognitionSubscription>();
  #latest: Position | undefined;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /**
   * The point up to which the connection has everything: that of its subscription which is
   * furthest behind, or the newest there is when it has none. Undefined while one of them can't
   * promise anything yet.
   */
  get current(): Cursor | undefined {
    let least = this.#journal.newest;
    for (const { position } of this.#subscriptions) {
      if (position === undefined) return undefined;
      if (position < least) least = position;
    }
    return this.#journal.cursorAt(least);
  }

  /** The cursor of the event that was handed out last; undefined before the first. */
  get latest(): Cursor | undefined {
    return this.#latest === undefined ? undefined : this.#journal.cursorAt(this.#latest);
  }

  /** The subscription counts until it ends, or is returned. */
  track(subscription: RecognitionSubscription): AsyncIterableIterator<Delivery, undefined> {
    this.#subscriptions.add(subscription);
    return {
      next: async () => {
        const result = await subscription.next();
        if (result.done) this.#subscriptions.delete(subscription);
        else this.#latest = result.value.position;
        return result;
      },
      return: async () => {
        this.#subscriptions.delete(subscription);
        await subscription.return?.();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
