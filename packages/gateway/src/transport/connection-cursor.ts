import type { Viewer } from '../access/viewer.ts';
import type { Member } from '../fanout/member.ts';
import type { Cursor, Journal } from '../journal/journal.ts';

/** Who asks, over what: the same for every operation of a connection. */
export interface Connection {
  readonly viewer: Viewer;
  /** Where the client says that it was broken off (`Last-Event-ID`); beats the argument `after`. */
  readonly resumeAfter: string | undefined;
  /** Its subscriptions to recognitions that have not ended. */
  readonly roster: Set<Member>;
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
