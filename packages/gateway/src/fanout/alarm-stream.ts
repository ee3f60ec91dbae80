import type { PermissionClass } from '../access/permission-class.ts';
import type { Alarm } from '../journal/alarm/alarm.ts';
import type { AlarmFilter, AlarmPage, AlarmQuery } from '../journal/alarm/alarm-query.ts';
import type { Position } from '../journal/journal.ts';
import type { AlarmView } from './alarm-view.ts';
import type { ConnectionSubscriptions } from './subscription.ts';

/** Alarms that are read at once: so many wait for a slow client, each with up to 100 notes. */
const PAGE = 20;

type Result = IteratorResult<AlarmView, void>;

const DONE: Result = { done: true, value: undefined };

/** Who follows which alarms. */
export interface Following {
  readonly filter: AlarmFilter;
  readonly permissionClass: PermissionClass;
  readonly connectionSubscriptions: ConnectionSubscriptions;
  /** Everything up to here is known. */
  readonly resumedAt: Position;
  /** In ms since the Unix epoch. */
  readonly begun: number;
}

/** The part of the feed that a stream needs to know. */
export interface AlarmSource {
  readonly newest: Position;
  /** In ms since the Unix epoch. */
  readonly now: () => number;
  read(query: AlarmQuery): Promise<AlarmPage>;
  leave(stream: AlarmStream): void;
}

/**
 * The alarms that changed since a position, and then each that changes, in the order of the
 * changes. A reader that is slow gets the latest state of an alarm, not all states in between.
 */
export class AlarmStream implements AsyncGenerator<AlarmView, void, void> {
  /** Its client had everything up to here. */
  readonly resumedAt: Position;
  readonly connectionSubscriptions: ConnectionSubscriptions;
  readonly #following: Following;
  readonly #source: AlarmSource;
  /** Read, and not handed out yet. */
  #untold: readonly Alarm[] = [];
  /** Up to here, alarms were read. */
  #read: Position;
  /** Up to here, what was read has been handed out. */
  #handedOut: Position;
  /** Position up to which all alarms are in the outbox: the reader has asked for the next one. */
  #told: Position;
  /** Counts calls of `forget`: a page that was requested before the latest one is discarded. */
  #forgotten = 0;
  #hasMore = true;
  #isIdle = false;
  #hasEnded = false;
  #wake = Promise.withResolvers<void>();

  constructor(following: Following, source: AlarmSource) {
    this.#following = following;
    this.#source = source;
    this.resumedAt = following.resumedAt;
    this.connectionSubscriptions = following.connectionSubscriptions;
    this.#read = following.resumedAt;
    this.#handedOut = following.resumedAt;
    this.#told = following.resumedAt;
  }

  /** Everything up to here has been put into the outbox, or is not for this stream. */
  get position(): Position {
    const { newest } = this.#source;
    return this.#isIdle && !this.#hasMore && newest > this.#told ? newest : this.#told;
  }

  /** Some alarm has changed. */
  changed(): void {
    this.#hasMore = true;
    this.#wakeReader();
  }

  /** Drops what waits: it is read again. */
  forget(): void {
    this.#forgotten += 1;
    this.#untold = [];
    this.#read = this.#handedOut;
    this.changed();
  }

  async next(): Promise<Result> {
    this.#told = this.#handedOut;
    while (!this.#hasEnded) {
      const [alarm] = this.#untold;
      if (alarm) return { done: false, value: this.#handOut(alarm) };
      if (this.#hasMore) await this.#readOn();
      else await this.#idle();
    }
    return DONE;
  }

  /** Ends a waiting `next` at once. */
  async return(): Promise<Result> {
    if (this.#hasEnded) return DONE;
    this.#hasEnded = true;
    this.#untold = [];
    this.#source.leave(this);
    this.#wakeReader();
    return DONE;
  }

  async throw(error: unknown): Promise<Result> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #handOut(alarm: Alarm): AlarmView {
    const { begun } = this.#following;
    const [, ...others] = this.#untold;
    this.#untold = others;
    const [next] = others;
    // One event may have changed several alarms: who resumes between them gets the others too.
    if (next?.changed === alarm.changed) this.#handedOut = (alarm.changed - 1) as Position;
    else this.#handedOut = next ? alarm.changed : this.#read;
    return { alarm, position: next ? this.#handedOut : alarm.changed, begun };
  }

  async #readOn(): Promise<void> {
    const { filter, permissionClass, begun } = this.#following;
    const { scopes } = permissionClass.past({}, this.#source.now(), begun);
    const [after, forgotten] = [this.#read, this.#forgotten];
    this.#hasMore = false;
    try {
      const { alarms, isMore, newest } = await this.#source.read({
        filter: { ...filter, ...(scopes && { scopes }) },
        order: 'changed',
        after,
        count: PAGE,
      });
      if (this.#forgotten !== forgotten || this.#hasEnded) return;
      const last = alarms.at(-1)?.changed ?? after;
      this.#untold = alarms;
      this.#read = !isMore && newest > last ? newest : last;
      this.#hasMore ||= isMore;
      if (alarms.length > 0) return;
      this.#handedOut = this.#read;
      this.#told = this.#read;
    } catch (error) {
      await this.return();
      throw error;
    }
  }

  async #idle(): Promise<void> {
    this.#isIdle = true;
    await this.#wake.promise;
    this.#isIdle = false;
  }

  #wakeReader(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }
}
