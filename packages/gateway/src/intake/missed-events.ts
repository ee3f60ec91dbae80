import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Pictures, StoredEvent } from '@se5/core';
import type { BoxId } from '../config/ids.ts';
import type { FillInSink, StoredSpan } from '../fleet/fleet-sink.ts';
import { HeardEvents, REACH_MS } from '../journal/heard-events.ts';
import type { Journal } from '../journal/journal.ts';
import { eventsBetween } from './journal-events.ts';

/** So many go into the journal at once; between two lots, live events have their turn. */
const LOT = 20;

/** The way of what a box says into the journal. */
export interface EventsOfBox {
  /** Settles when all that came of the box before is in the journal, or was told of as lost. */
  caughtUp(): Promise<void>;
  /** Settles when it is in the journal, or was told of as lost. */
  append(event: StoredEvent, pictures: Pictures): Promise<void>;
}

/** Puts into the journal what it has not of what a box has stored. */
export class MissedEvents implements FillInSink {
  readonly #boxId: BoxId;
  readonly #journal: Journal;
  readonly #events: EventsOfBox;
  /** In the journal, and not found in what the box has stored yet. */
  readonly #heard = new HeardEvents();
  #loadedTo = Number.NEGATIVE_INFINITY;
  #takenTo = Number.NEGATIVE_INFINITY;
  /** Filled in, or about to be, though it may still come live. */
  readonly #early = new HeardEvents();

  constructor(boxId: BoxId, journal: Journal, events: EventsOfBox) {
    this.#boxId = boxId;
    this.#journal = journal;
    this.#events = events;
  }

  /**
   * @throws what the journal throws when it can't be read; then it may come again. What came live
   *   meanwhile is in the journal.
   */
  async take({ from, to, events, liveFrom, pictures }: StoredSpan): Promise<number> {
    const early = events.filter(({ occurredAt }) => occurredAt >= liveFrom);
    // Before it is known which were missed: what comes live meanwhile is in neither account.
    for (const event of early) this.#early.add(event);
    try {
      // What was heard and waits for the journal would be taken for missed.
      await this.#events.caughtUp();
      await this.#load(from - REACH_MS, to + REACH_MS);
    } catch (error) {
      // What is gone from here came live, and was dropped as filled in.
      const dropped = early.filter((event) => !this.#early.take(event));
      await this.#append(dropped, pictures);
      throw error;
    }
    const missed = events.filter((event) => !this.#wasHeard(event));
    this.#heard.forgetBefore(to);
    this.#takenTo = to;
    await this.#append(missed, pictures);
    return missed.length;
  }

  async #append(events: readonly StoredEvent[], pictures: StoredSpan['pictures']): Promise<void> {
    for (let at = 0; at < events.length; at += LOT) {
      const appended: Promise<void>[] = [];
      for (const event of events.slice(at, at + LOT)) {
        appended.push(this.#events.append(event, await pictures(event)));
      }
      await Promise.all(appended);
      await nextTurn();
    }
  }

  /** One that was heard comes live no more. */
  #wasHeard(event: StoredEvent): boolean {
    if (!this.#heard.take(event)) return false;
    this.#early.take(event);
    return true;
  }

  /** Whether a live event is one that was filled in before it came, or is about to be. */
  isLate(event: Parameters<HeardEvents['take']>[0]): boolean {
    return this.#early.take(event);
  }

  /**
   * The spans reach over each other here by what can match; each event counts once. A span that
   * lies before the last one begins anew.
   */
  async #load(from: number, to: number): Promise<void> {
    if (from + REACH_MS < this.#takenTo) {
      this.#heard.clear();
      this.#loadedTo = Number.NEGATIVE_INFINITY;
    }
    const start = Math.max(from, this.#loadedTo);
    const loaded = [];
    for await (const event of eventsBetween(this.#journal, this.#boxId, start, to)) {
      loaded.push(event);
    }
    for (const event of loaded) this.#heard.add(event);
    this.#loadedTo = Math.max(to, this.#loadedTo);
  }
}
