import type { AlarmFilter, AlarmPage, AlarmQuery } from '../journal/alarm/alarm-query.ts';
import type { Journal, Position } from '../journal/journal.ts';
import { type AlarmSource, AlarmStream, type Following } from './alarm-stream.ts';

/** A subscription to alarms, as its arguments say it. */
export interface AlarmRequest {
  readonly filter: AlarmFilter;
  /** Begin after this cursor; without it, with the next change. */
  readonly after?: string;
}

type FollowRequest = AlarmRequest & Pick<Following, 'permissionClass' | 'connectionSubscriptions'>;

/** Tells all who follow alarms that some have changed, and reads each page once for all of them. */
export class AlarmFeed implements AlarmSource, Disposable {
  readonly now: () => number;
  readonly #journal: Pick<Journal, 'newest' | 'alarms' | 'resume'>;
  readonly #streams = new Set<AlarmStream>();
  readonly #appends: Disposable;
  /** Pages that are being read, by query. Cleared when an alarm changes. */
  readonly #pages = new Map<string, Promise<AlarmPage>>();

  constructor(
    journal: Pick<Journal, 'newest' | 'alarms' | 'resume' | 'onAppend'>,
    now: () => number,
  ) {
    this.now = now;
    this.#journal = journal;
    this.#appends = journal.onAppend(({ alarms = [] }) => {
      if (alarms.length > 0) this.#changed();
    });
  }

  get newest(): Position {
    return this.#journal.newest;
  }

  /**
   * Follows alarms from a cursor. Reports no gap: the current state of an alarm replaces all
   * earlier ones.
   *
   * @throws {GatewayError} INVALID_CURSOR when `after` is no cursor.
   */
  follow({ after, ...request }: FollowRequest): AlarmStream {
    const resumedAt = after === undefined ? this.newest : this.#journal.resume(after).position;
    const stream = new AlarmStream({ ...request, resumedAt, begun: this.now() }, this);
    this.#streams.add(stream);
    stream.connectionSubscriptions.add(stream);
    return stream;
  }

  leave(stream: AlarmStream): void {
    this.#streams.delete(stream);
    stream.connectionSubscriptions.delete(stream);
  }

  async read(query: AlarmQuery): Promise<AlarmPage> {
    const key = JSON.stringify(query);
    const known = this.#pages.get(key);
    if (known) return known;
    const page = this.#journal.alarms(query);
    this.#pages.set(key, page);
    try {
      return await page;
    } finally {
      // Those who come later read for themselves: what is erased must not stay here.
      if (this.#pages.get(key) === page) this.#pages.delete(key);
    }
  }

  /** Drops what waits for slow readers: it is read again. */
  forget(): void {
    this.#pages.clear();
    for (const stream of this.#streams) stream.forget();
  }

  /** Ends all streams. */
  [Symbol.dispose](): void {
    this.#appends[Symbol.dispose]();
    for (const stream of this.#streams) void stream.return();
  }

  #changed(): void {
    this.#pages.clear();
    for (const stream of this.#streams) stream.changed();
  }
}
