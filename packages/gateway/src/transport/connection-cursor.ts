import type { Member } from '../fanout/member.ts';
import type { Cursor, Journal } from '../journal/journal.ts';
import type { GraphQLConnection } from '../schema/context.ts';

/** A connection, and how far its client has got on it. */
export interface Connection extends GraphQLConnection {
  readonly cursor: ConnectionCursor;
}

/** How far a client has got on one connection: a socket, or a stream of events. */
export class ConnectionCursor {
  readonly #journal: Pick<Journal, 'newest' | 'cursorAt'>;
  readonly #roster: ReadonlySet<Pick<Member, 'position'>>;

  /** @param roster the subscriptions of the connection that have not ended. */
  constructor(
    journal: Pick<Journal, 'newest' | 'cursorAt'>,
    roster: ReadonlySet<Pick<Member, 'position'>>,
  ) {
    this.#journal = journal;
    this.#roster = roster;
  }

  /**
   * The point up to which the connection has everything that was put into its outbox by now:
   * that of its subscription which is furthest behind, or the newest there is when it has none.
   * Undefined while one of them can't promise anything yet.
   */
  get current(): Cursor | undefined {
    let least = this.#journal.newest;
    for (const { position } of this.#roster) {
      if (position === undefined) return undefined;
      if (position < least) least = position;
    }
    return this.#journal.cursorAt(least);
  }
}
