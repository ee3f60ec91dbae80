import type { Gap } from '../journal/gap.ts';
import type { Position, ResumePoint } from '../journal/journal.ts';
import { type Payload, picturesIn } from './payload.ts';
import { PendingGaps } from './pending-gaps.ts';
import type { SubscriptionGroup } from './subscription-group.ts';
import type { SubscriptionSink } from './subscription-sink.ts';

/** The part of fan-out that a subscription needs to know. */
export interface Publisher {
  /** Everything up to here is in the outboxes of all live subscriptions. */
  readonly published: Position;
  leave(subscription: Subscription): void;
}

/** How far a subscription has come; see `Subscription`. */
export type Progress = Pick<Subscription, 'position' | 'resumedAt'>;

/** The subscriptions of one connection: a subscription is among them for as long as it lasts. */
export interface ConnectionSubscriptions {
  add(subscription: Progress): void;
  delete(subscription: Progress): void;
}

type SubscriptionState = 'live' | 'catching-up' | 'ended';

type Result = IteratorResult<never, void>;

const DONE: Result = { done: true, value: undefined };
const NO_GAPS: readonly Gap[] = [];

/**
 * One subscription of one connection. Its events go into the outbox of the connection; as a
 * stream it yields nothing, ends when it is returned or when fan-out ends, and fails when the
 * journal can't be read or a record can't be handed out.
 */
export class Subscription implements AsyncGenerator<never, void, void> {
  readonly group: SubscriptionGroup;
  readonly sink: SubscriptionSink;
  readonly connectionSubscriptions: ConnectionSubscriptions;
  /** Up to here, records were in the journal before the subscription could have had them live. */
  replayUntil: Position;
  /** Its client had everything up to here, or was told what it can't have. */
  readonly resumedAt: Position;
  /** Up to here, records were in the journal before the subscription began. */
  readonly begunAt: Position;
  readonly #publisher: Publisher;
  #state: SubscriptionState = 'catching-up';
  #isSlow = false;
  #delivered = 0;
  #pictures = 0;
  #hasForgotten = false;
  /** Everything up to here is in the outbox, or is not for this subscription. */
  #read: Position;
  #gaps: PendingGaps | undefined;
  /** As far as can be promised while there are gaps to tell. */
  #promised: Position | undefined;
  #end: PromiseWithResolvers<Result> | undefined;

  constructor(
    group: SubscriptionGroup,
    {
      sink,
      connectionSubscriptions,
    }: {
      readonly sink: SubscriptionSink;
      readonly connectionSubscriptions: ConnectionSubscriptions;
    },
    publisher: Publisher,
    { position, gap }: ResumePoint,
    newest: Position,
  ) {
    this.group = group;
    this.sink = sink;
    this.connectionSubscriptions = connectionSubscriptions;
    this.#publisher = publisher;
    this.#read = position;
    this.resumedAt = position;
    this.replayUntil = newest;
    this.begunAt = newest;
    if (gap) this.#add(gap, undefined);
  }

  get isLive(): boolean {
    return this.#state === 'live';
  }

  get hasEnded(): boolean {
    return this.#state === 'ended';
  }

  /** It is catching up because its client did not read fast enough. */
  get isSlow(): boolean {
    return this.#isSlow;
  }

  /** Events that were put into the outbox. */
  get delivered(): number {
    return this.#delivered;
  }

  /** Pictures in base64 that were put into the outbox. */
  get pictures(): number {
    return this.#pictures;
  }

  /** Everything up to here has been put into the outbox, or is not for this subscription. */
  get read(): Position {
    const { published } = this.#publisher;
    return this.#state === 'live' && published > this.#read ? published : this.#read;
  }

  /**
   * The same with gaps: who resumes behind this position misses nothing, and is told of what it
   * was not told yet. Undefined when nothing can be promised: it came with a cursor after which
   * something is missing, and has not been told so by an event.
   */
  get position(): Position | undefined {
    return this.hasGaps ? this.#promised : this.read;
  }

  /** Whether it had dealt with this position before it became live. */
  hadBefore(position: Position): boolean {
    return position <= this.#read;
  }

  get hasGaps(): boolean {
    return this.#gaps !== undefined;
  }

  /** What is missing, and was not said yet. */
  get gaps(): readonly Gap[] {
    return this.#gaps?.all ?? NO_GAPS;
  }

  /** Something is missing between what was read and what comes next. */
  miss(gap: Gap): void {
    this.#add(gap, this.position);
  }

  /** Some of what it wants may not be seen any more, up to this time in ms since the Unix epoch. */
  forget(to: number): void {
    if (this.#hasForgotten) return;
    this.#hasForgotten = true;
    this.miss({ reason: 'RETENTION', from: null, to, boxId: null, count: null });
  }

  /** Puts an event into the outbox that says all gaps. */
  put(payload: Payload): void {
    this.#gaps = undefined;
    this.#delivered += 1;
    if (payload.hasPictures) this.#pictures += picturesIn(payload);
    this.sink.event(payload);
    // At once: until the record has gone to all others, the client may be told where it is.
    this.#read = payload.position;
  }

  /** While catching up: everything up to here was dealt with. */
  pass(position: Position): void {
    this.#read = position;
  }

  /** From now on, everything that is published behind what was read comes by itself. */
  goLive(): void {
    this.#state = 'live';
    this.#isSlow = false;
  }

  /** @param isSlow its client did not read fast enough. */
  fallBehind(isSlow: boolean): void {
    this.#read = this.read;
    this.#state = 'catching-up';
    this.#isSlow = isSlow;
  }

  /** Ends the stream, with the failure that ended it if there was one. */
  end(failure?: { readonly error: unknown }): void {
    if (this.#state === 'ended') return;
    this.#read = this.read;
    this.#state = 'ended';
    this.#publisher.leave(this);
    const end = this.#end ?? Promise.withResolvers<Result>();
    // A failure that nobody waits for now is kept for who asks next.
    this.#end = failure && !this.#end ? end : undefined;
    if (failure) end.reject(failure.error);
    else end.resolve(DONE);
    end.promise.catch(() => {});
  }

  next(): Promise<Result> {
    if (this.#state === 'ended') {
      const { promise } = this.#end ?? { promise: Promise.resolve(DONE) };
      this.#end = undefined;
      return promise;
    }
    this.#end ??= Promise.withResolvers();
    return this.#end.promise;
  }

  async return(): Promise<Result> {
    this.end();
    return DONE;
  }

  async throw(error: unknown): Promise<Result> {
    this.end();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.end();
  }

  #add(gap: Gap, promised: Position | undefined): void {
    if (!this.#gaps) {
      this.#gaps = new PendingGaps();
      this.#promised = promised;
    }
    this.#gaps.add(gap);
  }
}
