import type { PictureWant } from '../fleet/demand.ts';
import type { Directory } from '../fleet/directory.ts';
import type {
  EventRecord,
  GapRecord,
  Journal,
  JournalRecord,
  Position,
} from '../journal/journal.ts';
import { AlarmFeed } from './alarm-feed.ts';
import { Answers } from './answers.ts';
import { CatchUp } from './catch-up.ts';
import type { Delivery } from './delivery.ts';
import { gapAffects } from './gap-affects.ts';
import type { Payload } from './payload.ts';
import { type ConnectionSubscriptions, type Publisher, Subscription } from './subscription.ts';
import type { SubscriptionGroup } from './subscription-group.ts';
import { type SubscriptionGroupRequest, SubscriptionGroups } from './subscription-groups.ts';
import type { Outlet, SubscriptionSink } from './subscription-sink.ts';

/** Records that are published together, at most: no more wait for the turn to end. */
const BATCH_RECORDS = 128;

/** How long the first record of a batch waits for others, in ms, when the turn takes long. */
const BATCH_MS = 5;

/**
 * Records that may wait while an answer takes its time, for a picture's disk say. Beyond, all live
 * subscriptions read on from the journal.
 */
const MAX_WAITING_RECORDS = 1_024;

/** What is kept of answers, in bytes: until a batch is published, or nobody catches up any more. */
const ANSWER_BYTES = 8 * 2 ** 20;

const NOBODY: readonly Subscription[] = [];

export interface AttachRequest extends SubscriptionGroupRequest {
  readonly sink: SubscriptionSink;
  readonly connectionSubscriptions: ConnectionSubscriptions;
}

export interface FanoutServices {
  readonly journal: Journal;
  readonly directory: Directory;
  readonly demand: { acquire(want: PictureWant): Disposable };
  /** Told how many events were put into outboxes; must not throw. */
  readonly delivered?: (count: number) => void;
  /**
   * Told what was thrown while a record was handed out, and what came of it.
   *
   * @returns the error that is shown to the subscribers that end.
   */
  readonly failed?: (error: unknown, outcome: FailureOutcome) => unknown;
  /** In ms since the Unix epoch. Default: `Date.now`. */
  readonly now?: () => number;
  /** An older answer is made anew for those who catch up, in ms. Default: none is. */
  readonly maxAnswerAgeMs?: number;
}

/**
 * `retried`: those whom the record was for read it from the journal. `ended`: it failed there
 * too, or in the connection, and one subscription ends with an error.
 */
export type FailureOutcome = 'retried' | 'ended';

/**
 * Hands what comes into the journal to everyone who subscribes: executed and encoded once for
 * all who want the same answers, and written once to each connection for all records that were
 * appended within one turn of the event loop.
 *
 * Whatever throws meanwhile stops neither the next record nor anybody else: the subscriptions concerned
 * read the record from the journal, and those that fail there too end with an error. Their clients
 * resume from the cursor that they have, so that nothing is lost in silence.
 */
export class Fanout implements Disposable, Publisher {
  /** For those who follow alarms. */
  readonly alarms: AlarmFeed;
  readonly #services: FanoutServices;
  readonly #groups: SubscriptionGroups;
  readonly #subscriptions = new Set<Subscription>();
  readonly #catchUp: CatchUp;
  readonly #appends: Disposable;
  /** Of the batch that is being published. */
  readonly #answers = new Answers({ maxBytes: ANSWER_BYTES });
  /** For those who catch up. */
  readonly #replayed: Answers;
  #liveMembers = 0;
  #batch: JournalRecord[] = [];
  #batchSince = 0;
  #turnsEnd: NodeJS.Immediate | undefined;
  #isPublishing = false;
  /** Records were left out of the batch: they are in the journal. */
  #isLapped = false;
  #published: Position;
  /** What the batch was put into. */
  #unflushed: Outlet[] = [];
  #deliveries = 0;

  constructor(services: FanoutServices) {
    const { journal, demand, delivered = () => {}, now = Date.now } = services;
    this.#services = services;
    this.alarms = new AlarmFeed(journal, now);
    this.#groups = new SubscriptionGroups(demand);
    const { maxAnswerAgeMs: maxAgeMs } = services;
    this.#replayed = new Answers({ maxBytes: ANSWER_BYTES, maxAgeMs, now });
    this.#published = journal.newest;
    this.#catchUp = new CatchUp({
      journal,
      answers: this.#replayed,
      gapAffects: ({ group }, gap) => gapAffects(group, gap, services.directory),
      delivered: () => delivered(1),
      level: (subscription) => {
        this.#catchUp.delete(subscription);
        this.#goLive(subscription);
      },
      failed: (subscription, error) => this.#end(subscription, error),
      now,
    });
    this.#appends = journal.onAppend((record) => this.#offer(record));
  }

  /** Subscriptions that have not ended. */
  get subscribers(): number {
    return this.#subscriptions.size;
  }

  /** How many answers were made: events times the different answers that are wanted. */
  get executions(): number {
    return this.#answers.executions + this.#replayed.executions;
  }

  /** How many groups of subscribers were looked at to find whom events are for. */
  get candidatesExamined(): number {
    return this.#groups.candidatesExamined;
  }

  get published(): Position {
    return this.#published;
  }

  /** @throws {GatewayError} INVALID_CURSOR when `after` is no cursor. */
  attach(request: AttachRequest): Subscription {
    const { journal } = this.#services;
    const { newest } = journal;
    const start =
      request.after === undefined
        ? { position: newest, gap: undefined }
        : journal.resume(request.after);
    const subscription = new Subscription(this.#groups.join(request), request, this, start, newest);
    this.#subscriptions.add(subscription);
    request.connectionSubscriptions.add(subscription);
    if (start.position >= newest) this.#goLive(subscription);
    else this.#catchUp.add(subscription);
    return subscription;
  }

  /** A subscription ends: nothing is held for it any more. */
  leave(subscription: Subscription): void {
    this.#subscriptions.delete(subscription);
    subscription.connectionSubscriptions.delete(subscription);
    this.#stopLive(subscription);
    this.#catchUp.delete(subscription);
    this.#groups.leave(subscription.group);
  }

  /** Drops what is kept for those who catch up: it is read and made again if it is wanted. */
  forget(): void {
    this.alarms.forget();
    this.#catchUp.forget();
  }

  /**
   * Ends all subscriptions. To a client that is told of it, an end is final: close the
   * connections first when clients shall come back.
   */
  [Symbol.dispose](): void {
    this.alarms[Symbol.dispose]();
    this.#appends[Symbol.dispose]();
    clearImmediate(this.#turnsEnd);
    this.#batch = [];
    for (const subscription of this.#subscriptions) subscription.end();
  }

  #offer(record: JournalRecord): void {
    if (this.#liveMembers === 0 && this.#batch.length === 0 && !this.#isPublishing) {
      this.#published = record.position;
      return;
    }
    this.#isLapped ||= this.#batch.length === MAX_WAITING_RECORDS;
    if (this.#isLapped) return;
    this.#batch.push(record);
    if (this.#isPublishing) return;
    if (this.#batch.length === 1) {
      this.#batchSince = performance.now();
      this.#turnsEnd = setImmediate(() => this.#startPublishing());
    } else if (
      this.#batch.length >= BATCH_RECORDS ||
      performance.now() - this.#batchSince > BATCH_MS
    ) {
      clearImmediate(this.#turnsEnd);
      this.#startPublishing();
    }
  }

  #startPublishing(): void {
    this.#publish().catch((error: unknown) => {
      this.#failed(error, 'retried');
      if (this.#batch.length > 0) this.#turnsEnd = setImmediate(() => this.#startPublishing());
    });
  }

  async #publish(): Promise<void> {
    this.#isPublishing = true;
    try {
      while (this.#batch.length > 0) await this.#publishBatch();
    } finally {
      this.#isPublishing = false;
      if (this.#isLapped) this.#readOn();
    }
  }

  /** Live subscriptions read what was left out from the journal. */
  #readOn(): void {
    this.#isLapped = false;
    for (const { live } of this.#groups) {
      for (const subscription of live) this.#fallBehind(subscription, false);
    }
  }

  async #publishBatch(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    const last = batch.at(-1);
    for (const record of batch) {
      try {
        if (record.kind === 'gap') this.#publishGap(record);
        else if (record.kind === 'event') await this.#publishEvent(record, record === last);
      } catch (error) {
        // The subscribers of this record are unknown: all read it again.
        for (const { live } of this.#groups) this.#retry(live, record, error);
      }
      this.#published = record.position;
    }
    this.#flush();
  }

  #publishGap({ gap, position }: GapRecord): void {
    const { directory } = this.#services;
    const touched = [...this.#groups].filter(
      (group) => group.live.size > 0 && gapAffects(group, gap, directory),
    );
    for (const group of touched) {
      for (const subscription of group.live) {
        if (!subscription.hadBefore(position)) subscription.miss(gap);
      }
    }
  }

  async #publishEvent(record: EventRecord, isLast: boolean): Promise<void> {
    const groups = this.#groups.matching(record);
    // Nothing else of this batch is for them: written now, a connection is looked at only once,
    // and thousands of them are more than a processor's cache holds until the batch ends.
    const isFlushed = isLast && groups.length === 1;
    for (const group of groups) {
      if (group.live.size === 0) continue;
      const delivery = deliveryOf(record, group);
      let payload: Payload;
      try {
        const answer = this.#answers.of(group.shape, delivery);
        payload = answer instanceof Promise ? await answer : answer;
      } catch (error) {
        this.#retry(group.live, record, error);
        continue;
      }
      const others = this.#putToAll(group, payload, isFlushed);
      for (const subscription of others) {
        try {
          await this.#putOwn(subscription, delivery);
        } catch (error) {
          this.#retry([subscription], record, error);
        }
      }
    }
  }

  /** @returns those for whom the payload is not right as it is. */
  #putToAll(
    { live, shape }: SubscriptionGroup,
    payload: Payload,
    isFlushed: boolean,
  ): readonly Subscription[] {
    let others: Subscription[] | undefined;
    for (const subscription of live) {
      if (subscription.hadBefore(payload.position)) continue;
      const { level } = subscription.sink.outbox;
      if (!subscription.hasGaps && (level === 'clear' || (level === 'soft' && !shape.withImages))) {
        this.#put(subscription, payload, isFlushed);
      } else {
        others ??= [];
        others.push(subscription);
      }
    }
    return others ?? NOBODY;
  }

  async #putOwn(subscription: Subscription, plain: Delivery): Promise<void> {
    const { level } = subscription.sink.outbox;
    if (level === 'hard') return this.#fallBehind(subscription, true);
    const imagesOmitted = plain.withImages && level === 'soft';
    const delivery = { ...plain, imagesOmitted, gapsBefore: subscription.gaps };
    const answer = this.#answers.of(subscription.group.shape, delivery);
    const payload = answer instanceof Promise ? await answer : answer;
    if (subscription.isLive) this.#put(subscription, payload, false);
  }

  #put(subscription: Subscription, payload: Payload, isFlushed: boolean): void {
    const { outbox } = subscription.sink;
    try {
      if (!isFlushed && !outbox.isUnflushed) this.#unflushed.push(outbox);
      subscription.put(payload);
      if (isFlushed) outbox.flush();
      this.#deliveries += 1;
    } catch (error) {
      // Nobody knows whether it went out: to put it again might double it.
      this.#end(subscription, error);
    }
  }

  #goLive(subscription: Subscription): void {
    subscription.goLive();
    subscription.group.live.add(subscription);
    this.#liveMembers += 1;
  }

  #fallBehind(subscription: Subscription, isSlow: boolean): void {
    if (!this.#stopLive(subscription)) return;
    subscription.fallBehind(isSlow);
    this.#catchUp.add(subscription);
  }

  /** Subscriptions that a record could not be handed to live, and that have not had it, read it again. */
  #retry(subscriptions: Iterable<Subscription>, { position }: JournalRecord, error: unknown): void {
    const concerned = [...subscriptions].filter(
      (subscription) => !subscription.hadBefore(position),
    );
    if (concerned.length === 0) return;
    this.#failed(error, 'retried');
    for (const subscription of concerned) this.#fallBehind(subscription, false);
  }

  #end(subscription: Subscription, error: unknown): void {
    if (!subscription.hasEnded) subscription.end({ error: this.#failed(error, 'ended') });
  }

  #failed(error: unknown, outcome: FailureOutcome): unknown {
    try {
      return this.#services.failed?.(error, outcome) ?? error;
    } catch {
      return error;
    }
  }

  #stopLive(subscription: Subscription): boolean {
    const wasLive = subscription.group.live.delete(subscription);
    if (wasLive) this.#liveMembers -= 1;
    return wasLive;
  }

  #flush(): void {
    const unflushed = this.#unflushed;
    this.#unflushed = [];
    for (const outbox of unflushed) {
      try {
        outbox.flush();
      } catch (error) {
        for (const subscription of this.#subscriptions) {
          if (subscription.sink.outbox === outbox) this.#end(subscription, error);
        }
      }
    }
    this.#answers.clear();
    this.#services.delivered?.(this.#deliveries);
    this.#deliveries = 0;
  }
}

const deliveryOf = ({ event, position }: EventRecord, { shape }: SubscriptionGroup): Delivery => ({
  event,
  position,
  replayed: false,
  isPast: false,
  withImages: shape.withImages,
  imagesOmitted: false,
  gapsBefore: [],
});
