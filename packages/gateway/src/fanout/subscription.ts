import type { EventPredicate } from '../journal/filter.ts';
import type { Gap } from '../journal/gap.ts';
import type {
  EventRecord,
  Journal,
  JournalRecord,
  Position,
  ResumePoint,
} from '../journal/journal.ts';
import type { Delivery } from './delivery.ts';
import { UnsaidGaps } from './unsaid-gaps.ts';

/** Read from the journal at once, for one subscriber. */
const PAGE_RECORDS = 100;

/**
 * A subscriber that is further behind than this many records is served from the past: its
 * events are `replayed`, and come without base64, so that it has a chance to catch up. Below
 * it, a burst may be under way that a healthy reader is about to take.
 */
const FAR_BEHIND_RECORDS = 1_000;

/**
 * The recognitions of one subscriber. `next` waits until there is one; `return` ends waiting
 * ones at once, and gives back everything that was held for the subscriber.
 */
export interface RecognitionSubscription
  extends AsyncIterableIterator<Delivery, undefined>,
    AsyncDisposable {
  /**
   * The subscriber has everything up to here, gaps too: what it was handed before it asked for
   * more, and what was not for it. Undefined when nothing can be promised yet: it came with a
   * cursor after which something is missing, and has not been told so by an event.
   */
  readonly position: Position | undefined;
}

/** What a subscription is about, and the feed that it belongs to. */
export interface SubscriptionSetup {
  readonly journal: Journal;
  readonly start: ResumePoint;
  readonly withImages: boolean;
  readonly matches: EventPredicate;
  /** Whether the gap may have cost this subscriber events. */
  readonly touches: (gap: Gap) => boolean;
  /** Told of each event that is handed out. */
  readonly delivered: () => void;
  /** Level with the journal, and waiting: wants to be offered the next record. */
  readonly parked: (subscription: JournalSubscription) => void;
  /** Told once. */
  readonly ended: (subscription: JournalSubscription) => void;
}

type Result = IteratorResult<Delivery, undefined>;

const DONE: Result = { done: true, value: undefined };

/**
 * A cursor into the journal that moves as its reader asks. Nothing queues for it: it reads on
 * page by page, and once it is level with the journal, it is offered what is appended.
 */
export class JournalSubscription implements RecognitionSubscription {
  readonly #setup: SubscriptionSetup;
  /** Up to here, records were in the journal before this subscription was. */
  readonly #replayUntil: Position;
  readonly #gaps = new UnsaidGaps();
  #waiting: PromiseWithResolvers<Result>[] = [];
  #state: 'idle' | 'reading' | 'parked' | 'ended' = 'idle';
  #page: readonly JournalRecord[] = [];
  #inPage = 0;
  #read: Position;
  #position: Position | undefined;
  /** Something was handed out since the reader asked last; it may not have dealt with it yet. */
  #isUnconfirmed = false;

  constructor(setup: SubscriptionSetup) {
    this.#setup = setup;
    this.#replayUntil = setup.journal.newest;
    this.#read = setup.start.position;
    if (setup.start.gap) this.#gaps.add(setup.start.gap);
    this.#confirm();
  }

  get position(): Position | undefined {
    return this.#position;
  }

  next(): Promise<Result> {
    if (this.#state === 'ended') return Promise.resolve(DONE);
    if (this.#waiting.length === 0) {
      this.#isUnconfirmed = false;
      this.#confirm();
    }
    const waiting = Promise.withResolvers<Result>();
    this.#waiting.push(waiting);
    if (this.#state === 'idle') void this.#advance();
    return waiting.promise;
  }

  async return(): Promise<Result> {
    this.#end();
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end();
  }

  /** Only while parked: the record that was appended just now. False when none is wanted after it. */
  offer(record: JournalRecord): boolean {
    this.#pass(record);
    if (this.#waiting.length > 0) return true;
    this.#state = 'idle';
    return false;
  }

  /** Serves the waiting readers until none waits, or there is nothing to read. */
  async #advance(): Promise<void> {
    const { journal, parked } = this.#setup;
    this.#state = 'reading';
    try {
      while (this.#waiting.length > 0) {
        const record = this.#page[this.#inPage];
        if (record) {
          this.#inPage += 1;
          this.#pass(record);
        } else if (this.#read < journal.newest) {
          await this.#turnPage();
        } else {
          this.#state = 'parked';
          parked(this);
          return;
        }
      }
      if (this.#state === 'reading') this.#state = 'idle';
    } catch (error) {
      this.#waiting.shift()?.reject(error);
      this.#end();
    }
  }

  async #turnPage(): Promise<void> {
    const page = await this.#setup.journal.read(this.#read, PAGE_RECORDS);
    this.#page = page.records;
    this.#inPage = 0;
    if (page.gap) this.#gaps.add(page.gap);
    if (page.records.length === 0) this.#read = page.position;
  }

  #pass(record: JournalRecord): void {
    this.#read = record.position;
    if (record.kind === 'event') {
      if (this.#setup.matches(record.event)) this.#handOut(record);
    } else if (this.#setup.touches(record.gap)) {
      this.#gaps.add(record.gap);
    }
    this.#confirm();
  }

  #handOut({ event, position }: EventRecord): void {
    const { journal, withImages, delivered } = this.#setup;
    const isFarBehind = journal.newest - position > FAR_BEHIND_RECORDS;
    const value: Delivery = {
      event,
      position,
      replayed: isFarBehind || position <= this.#replayUntil,
      withImages,
      imagesOmitted: withImages && isFarBehind,
      gapsBefore: this.#gaps.take(),
    };
    this.#isUnconfirmed = true;
    this.#waiting.shift()?.resolve({ done: false, value });
    delivered();
  }

  #confirm(): void {
    if (!this.#isUnconfirmed && this.#gaps.isEmpty) this.#position = this.#read;
  }

  #end(): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    for (const waiting of this.#waiting) waiting.resolve(DONE);
    this.#waiting = [];
    this.#page = [];
    this.#setup.ended(this);
  }
}
