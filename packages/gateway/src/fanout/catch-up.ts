import type { Gap } from '../journal/gap.ts';
import type { EventRecord, Journal } from '../journal/journal.ts';
import type { Answers } from './answers.ts';
import type { Delivery } from './delivery.ts';
import { SharedPages } from './shared-pages.ts';
import type { Subscription } from './subscription.ts';

/** How long subscriptions are served before the event loop goes on with other things, in ms. */
const SLICE_MS = 5;

/**
 * A subscription that is further behind than this many records gets its events `replayed` and without
 * base64, so that it has a chance to catch up.
 */
const FAR_BEHIND_RECORDS = 1_000;

export interface CatchUpSetup {
  readonly journal: Journal;
  readonly answers: Answers;
  /** Whether the gap may have cost the subscription events. */
  readonly gapAffects: (subscription: Subscription, gap: Gap) => boolean;
  /** Told of each event that is put into an outbox. */
  readonly delivered: () => void;
  /** The subscription is level with the journal. */
  readonly level: (subscription: Subscription) => void;
  /** The subscription can't be served: it is to be ended. Must not throw. */
  readonly failed: (subscription: Subscription, error: unknown) => void;
  /** In ms since the Unix epoch. */
  readonly now: () => number;
}

/**
 * Reads the journal for the subscriptions that are not live: a page each in turns, so that nobody
 * waits for one who has much to read, and those who replay the same stretch share its pages and
 * its answers.
 *
 * The outbox sets the pace. Nothing is put into one that is not clear: at most its soft budget
 * and one event are on their way. Nothing is kept for one that waits, but its position.
 */
export class CatchUp {
  readonly #setup: CatchUpSetup;
  /** All that are not live, with what wakes them when their outbox is clear. */
  readonly #subscriptions = new Map<Subscription, Disposable>();
  /** Those whose turn comes. */
  readonly #turns = new Set<Subscription>();
  /** Others, once everything that was read is to be forgotten. */
  #pages: SharedPages;
  #isRunning = false;

  constructor(setup: CatchUpSetup) {
    this.#setup = setup;
    this.#pages = new SharedPages(setup.journal);
  }

  add(subscription: Subscription): void {
    const { outbox } = subscription.sink;
    const resume = (): void => {
      // By now, what it waited for is the past.
      subscription.replayUntil = this.#setup.journal.newest;
      this.#queue(subscription);
    };
    this.#subscriptions.set(subscription, outbox.onClear(resume));
    if (outbox.level === 'clear') this.#queue(subscription);
  }

  delete(subscription: Subscription): void {
    this.#subscriptions.get(subscription)?.[Symbol.dispose]();
    this.#subscriptions.delete(subscription);
    this.#turns.delete(subscription);
    if (this.#subscriptions.size === 0) this.forget();
  }

  /** Drops what was read and answered, and what is being read: it is read again if it is wanted. */
  forget(): void {
    this.#setup.answers.clear();
    this.#pages = new SharedPages(this.#setup.journal);
  }

  #queue(subscription: Subscription): void {
    this.#turns.add(subscription);
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    let until = performance.now() + SLICE_MS;
    for (const subscription of this.#turns) {
      this.#turns.delete(subscription);
      try {
        await this.#turnPage(subscription);
      } catch (error) {
        this.#setup.failed(subscription, error);
      }
      if (performance.now() < until) continue;
      await new Promise(setImmediate);
      until = performance.now() + SLICE_MS;
    }
    this.#isRunning = false;
  }

  async #turnPage(subscription: Subscription): Promise<void> {
    const { journal, level } = this.#setup;
    const { outbox } = subscription.sink;
    if (outbox.level !== 'clear') return;
    await this.#readPage(subscription);
    outbox.flush();
    if (subscription.hasEnded) return;
    if (subscription.read >= journal.newest) level(subscription);
    else if (outbox.level === 'clear') this.#turns.add(subscription);
  }

  async #readPage(subscription: Subscription): Promise<void> {
    const { answers, gapAffects, delivered } = this.#setup;
    const { group, sink } = subscription;
    const pages = this.#pages;
    const page = await pages.read(subscription.read, group.shape.detail);
    if (pages !== this.#pages) return;
    if (page.gap) subscription.miss(page.gap);
    if (page.records.length === 0) subscription.pass(page.position);
    for (const record of page.records) {
      if (record.kind === 'gap') {
        if (gapAffects(subscription, record.gap)) subscription.miss(record.gap);
      } else if (record.kind === 'event' && this.#isFor(record, subscription)) {
        const answer = answers.of(group.shape, this.#deliveryOf(record, subscription));
        const payload = answer instanceof Promise ? await answer : answer;
        if (subscription.hasEnded) return;
        subscription.put(payload);
        delivered();
      }
      subscription.pass(record.position);
      // What is left of the page is read again, instead of waiting in memory.
      if (sink.outbox.level !== 'clear' || pages !== this.#pages) return;
    }
  }

  /** How far back its viewer may look is no matter of what came since it subscribed. */
  #isFor(record: EventRecord, subscription: Subscription): boolean {
    const { group, begunAt } = subscription;
    if (record.position > begunAt) return group.wants(record);
    const { permissionClass } = group.shape;
    const now = this.#setup.now();
    const forgottenTo = permissionClass.forgetsUpTo(now);
    // Whoever the event is for: else it would tell whether an event was there.
    if (record.event.receivedAt < forgottenTo) subscription.forget(forgottenTo);
    return group.wants(record) && permissionClass.remembers(record.event, now, group.filter);
  }

  #deliveryOf({ event, position }: EventRecord, subscription: Subscription): Delivery {
    const { withImages } = subscription.group.shape;
    const isFarBehind = this.#setup.journal.newest - position > FAR_BEHIND_RECORDS;
    return {
      event,
      position,
      replayed: isFarBehind || position <= subscription.replayUntil,
      isPast: position <= subscription.begunAt,
      withImages,
      imagesOmitted: withImages && (isFarBehind || subscription.isSlow),
      gapsBefore: subscription.gaps,
    };
  }
}
