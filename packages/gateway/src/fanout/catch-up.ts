import type { Gap } from '../journal/gap.ts';
import type { EventRecord, Journal } from '../journal/journal.ts';
import type { Answers } from './answers.ts';
import type { Delivery } from './delivery.ts';
import type { Member } from './member.ts';
import { SharedPages } from './shared-pages.ts';

/** How long members are served before the event loop goes on with other things, in ms. */
const SLICE_MS = 5;

/**
 * A member that is further behind than this many records gets its events `replayed` and without
 * base64, so that it has a chance to catch up.
 */
const FAR_BEHIND_RECORDS = 1_000;

export interface CatchUpSetup {
  readonly journal: Journal;
  readonly answers: Answers;
  /** Whether the gap may have cost the member events. */
  readonly touches: (member: Member, gap: Gap) => boolean;
  /** Told of each event that is put into an outbox. */
  readonly delivered: () => void;
  /** The member is level with the journal. */
  readonly level: (member: Member) => void;
  /** The member can't be served: it is to be ended. Must not throw. */
  readonly failed: (member: Member, error: unknown) => void;
}

/**
 * Reads the journal for the members that are not live: a page each in turns, so that nobody
 * waits for one who has much to read, and those who replay the same stretch share its pages and
 * its answers.
 *
 * The outbox sets the pace. Nothing is put into one that is not clear: at most its soft budget
 * and one event are on their way. Nothing is kept for one that waits, but its position.
 */
export class CatchUp {
  readonly #setup: CatchUpSetup;
  /** All that are not live, with what wakes them when their outbox is clear. */
  readonly #members = new Map<Member, Disposable>();
  /** Those whose turn comes. */
  readonly #turns = new Set<Member>();
  /** Others, once everything that was read is to be forgotten. */
  #pages: SharedPages;
  #isRunning = false;

  constructor(setup: CatchUpSetup) {
    this.#setup = setup;
    this.#pages = new SharedPages(setup.journal);
  }

  add(member: Member): void {
    const { outbox } = member.sink;
    const resume = (): void => {
      // By now, what it waited for is the past.
      member.replayUntil = this.#setup.journal.newest;
      this.#queue(member);
    };
    this.#members.set(member, outbox.onClear(resume));
    if (outbox.level === 'clear') this.#queue(member);
  }

  delete(member: Member): void {
    this.#members.get(member)?.[Symbol.dispose]();
    this.#members.delete(member);
    this.#turns.delete(member);
    if (this.#members.size === 0) this.forget();
  }

  /** Drops what was read and answered, and what is being read: it is read again if it is wanted. */
  forget(): void {
    this.#setup.answers.clear();
    this.#pages = new SharedPages(this.#setup.journal);
  }

  #queue(member: Member): void {
    this.#turns.add(member);
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    let until = performance.now() + SLICE_MS;
    for (const member of this.#turns) {
      this.#turns.delete(member);
      try {
        await this.#turnPage(member);
      } catch (error) {
        this.#setup.failed(member, error);
      }
      if (performance.now() < until) continue;
      await new Promise(setImmediate);
      until = performance.now() + SLICE_MS;
    }
    this.#isRunning = false;
  }

  async #turnPage(member: Member): Promise<void> {
    const { journal, level } = this.#setup;
    const { outbox } = member.sink;
    if (outbox.level !== 'clear') return;
    await this.#readPage(member);
    outbox.flush();
    if (member.hasEnded) return;
    if (member.read >= journal.newest) level(member);
    else if (outbox.level === 'clear') this.#turns.add(member);
  }

  async #readPage(member: Member): Promise<void> {
    const { answers, touches, delivered } = this.#setup;
    const { group, sink } = member;
    const pages = this.#pages;
    const page = await pages.read(member.read, group.shape.detail);
    if (pages !== this.#pages) return;
    if (page.gap) member.miss(page.gap);
    if (page.records.length === 0) member.pass(page.position);
    for (const record of page.records) {
      if (record.kind === 'gap') {
        if (touches(member, record.gap)) member.miss(record.gap);
      } else if (group.wants(record)) {
        const answer = answers.of(group.shape, this.#deliveryOf(record, member));
        const payload = answer instanceof Promise ? await answer : answer;
        if (member.hasEnded) return;
        member.put(payload);
        delivered();
      }
      member.pass(record.position);
      // What is left of the page is read again, instead of waiting in memory.
      if (sink.outbox.level !== 'clear' || pages !== this.#pages) return;
    }
  }

  #deliveryOf({ event, position }: EventRecord, member: Member): Delivery {
    const { withImages } = member.group.shape;
    const isFarBehind = this.#setup.journal.newest - position > FAR_BEHIND_RECORDS;
    return {
      event,
      position,
      replayed: isFarBehind || position <= member.replayUntil,
      withImages,
      imagesOmitted: withImages && (isFarBehind || member.isSlow),
      gapsBefore: member.gaps,
    };
  }
}
