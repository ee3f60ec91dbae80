import { setTimeout as sleep } from 'node:timers/promises';
import type { Box, DeviceId, PictureDemand, StoredEvent, StoredEventsQuery } from '@se5/core';
import type { Slots } from '../slots.ts';
import type { BackfillOptions } from './backfill-options.ts';
import type { ReadingPlan } from './outage.ts';
import type { FillInSink } from './sink.ts';
import { StoredPictures } from './stored-pictures.ts';

/** What a box is asked to fill in what was missed. */
export type StoredSource = Pick<Box, 'storedEvents' | 'picture'>;

/**
 * The first part of a span that is read, in ms; the next ones go by how many events it had. Short:
 * a part with too many is read in vain, which a gateway that is interrupted again and again can't
 * afford, and parts that are too short cost a question each, and double.
 */
const FIRST_PART_MS = 15_000;
const LONGEST_PART_MS = 86_400_000;
/** The box's times are asked for in whole seconds. */
const SHORTEST_PART_MS = 1_000;
/** By how much later than it was live an event may have been stored, and not be another. */
const ROUNDING_MS = 2;

export interface FillInContext {
  readonly box: StoredSource;
  /** Default: all of the box. */
  readonly devices: readonly DeviceId[] | undefined;
  readonly sink: FillInSink;
  /** Shared by all boxes. */
  readonly slots: Slots;
  readonly options: BackfillOptions;
  readonly wantedPictures: () => PictureDemand;
  readonly unreadable: NonNullable<StoredEventsQuery['unreadable']>;
  /** More has been read. */
  readonly progress: () => void;
  /** This part is lost, at least in part: the box has forgotten, or it can't be read; by our clock. */
  readonly forgotten: (from: number, to: number) => void;
}

/**
 * Reads back one outage, part by part in the order of time, so that what is in memory is bounded,
 * and what was read stays read whatever happens to the rest. Can be run again where it stopped.
 */
export class FillIn {
  readonly #plan: ReadingPlan;
  readonly #context: FillInContext;
  readonly #pictures: StoredPictures;
  #to: number;
  /** By the box's clock: everything before has been read. */
  #readTo: number;
  #partMs = FIRST_PART_MS;
  #recovered = 0;
  /** By the box's clock: an event that it has had stored, from before all that is still to be read. */
  #remembered: number | undefined;
  /** By our clock. */
  #forgottenTo: number | undefined;
  #isWhole = true;

  constructor(plan: ReadingPlan, to: number, context: FillInContext) {
    this.#plan = plan;
    this.#to = to;
    this.#context = context;
    this.#readTo = plan.readFrom;
    this.#remembered = plan.remembered;
    this.#pictures = new StoredPictures(context.box, context.wantedPictures);
  }

  /** Of the outage, by our clock. */
  get from(): number {
    return this.#plan.outageFrom;
  }

  /** Of the outage, by our clock. */
  get to(): number {
    return this.#to;
  }

  /** Up to where the outage has been read back, by our clock. */
  get readTo(): number {
    const { outageFrom, clockOffsetMs } = this.#plan;
    return Math.min(Math.max(this.#readTo - clockOffsetMs, outageFrom), this.#to);
  }

  /**
   * By our clock, of what is lost when nothing more can be read: what the box said before it had
   * read that somebody listens again is lost too.
   */
  get lostTo(): number {
    return Math.min(this.#to + this.#context.options.settleMs, Date.now());
  }

  /** Up to where all is in the journal or in a gap, by our clock. */
  get settledTo(): number {
    return Math.max(this.readTo, this.#forgottenTo ?? 0);
  }

  /**
   * By our clock, of what is lost when nothing more can be read: what was under way when the box
   * was heard last is lost too.
   */
  get lostFrom(): number {
    return this.#declaredFrom(this.settledTo);
  }

  /** Nothing was forgotten, and all could be read. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  get recovered(): number {
    return this.#recovered;
  }

  /** How many pictures of the recovered events were wanted, and could not be had. */
  get missingPictures(): number {
    return this.#pictures.missing;
  }

  /** Another outage ended. What was heard between the two is in the journal, and does no harm. */
  extend(to: number): void {
    this.#to = Math.max(this.#to, to);
  }

  /**
   * Settles when all is read that the box remembers.
   *
   * @throws {BoxError} what the box makes of a question; the reason of the signal.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { clockOffsetMs } = this.#plan;
    while (this.#readTo < this.#end) {
      const from = this.#readTo;
      const to = this.#partFrom(from);
      await this.#settled(to, signal);
      const part = await this.#read(from, to, signal);
      if (part === undefined) continue;
      const { events, isWhole } = part;
      this.#pictures.nextPart();
      await this.#lookBack(from, events[0]?.occurredAt ?? to, signal);
      this.#recovered += await this.#context.sink.take({
        from,
        to,
        events,
        liveFrom: this.#plan.liveFrom,
        pictures: (event) => this.#pictures.of(event, signal),
      });
      // When an event happened that can't be read is not known: somewhere in the part. Said when the
      // others are in the journal, since the end of a gap is noted as settled.
      if (!isWhole) this.#lose(from - clockOffsetMs, to - clockOffsetMs);
      this.#remembered = events.at(-1)?.occurredAt ?? this.#remembered;
      this.#readTo = to;
      this.#context.progress();
    }
  }

  /** By the box's clock. */
  get #end(): number {
    return this.#to + this.#plan.clockOffsetMs + this.#plan.marginMs;
  }

  /** Where the part ends: what may still come live is left for later, not waited for. */
  #partFrom(from: number): number {
    const to = Math.min(from + this.#partMs, this.#end);
    const settledTo = Date.now() + this.#plan.clockOffsetMs - this.#context.options.settleMs;
    return settledTo - from > SHORTEST_PART_MS ? Math.min(to, settledTo) : to;
  }

  /** Waits until what happened before `to` has had its time to come live. */
  async #settled(to: number, signal: AbortSignal): Promise<void> {
    const waitMs = to + this.#context.options.settleMs - this.#plan.clockOffsetMs - Date.now();
    if (waitMs > 0) await sleep(waitMs, undefined, { signal });
  }

  /** In the order of time; undefined when there are too many, and the part has been made shorter. */
  async #read(
    from: number,
    to: number,
    signal: AbortSignal,
  ): Promise<{ readonly events: readonly StoredEvent[]; readonly isWhole: boolean } | undefined> {
    const { box, devices, slots, unreadable, options } = this.#context;
    const { maxEvents, pagePauseMs: pauseMs } = options;
    return slots.run(async () => {
      const events: StoredEvent[] = [];
      let isWhole = true;
      const query: StoredEventsQuery = {
        from,
        to,
        devices,
        pauseMs,
        signal,
        unreadable: (error) => {
          isWhole = false;
          unreadable(error);
        },
      };
      for await (const event of box.storedEvents(query)) {
        events.push(event);
        if (events.length > maxEvents && to - from > SHORTEST_PART_MS) {
          this.#partMs = Math.max(Math.ceil((to - from) / 2), SHORTEST_PART_MS);
          return undefined;
        }
      }
      if (events.length < maxEvents / 4) this.#partMs = Math.min(this.#partMs * 2, LONGEST_PART_MS);
      const inOrder = events.toSorted((one, other) => one.occurredAt - other.occurredAt);
      return { events: inOrder, isWhole };
    });
  }

  /**
   * A box that has nothing any more from before a part, though it had, has forgotten: then its
   * memory begins somewhere before the oldest event of the part. Asked after each, since it may
   * forget faster than it is read; and said before what is newer is handed on, so that all behind
   * is settled whenever the process ends.
   */
  async #lookBack(from: number, oldest: number, signal: AbortSignal): Promise<void> {
    const { outageFrom, clockOffsetMs } = this.#plan;
    const begin = Math.max(from - clockOffsetMs, outageFrom);
    const end = Math.min(oldest - clockOffsetMs, this.#to);
    if (this.#remembered === undefined || end <= begin) return;
    if (await this.#remembers(this.#remembered, signal)) return;
    this.#forgottenTo = end;
    this.#lose(begin, end);
  }

  /** By our clock. */
  #lose(from: number, to: number): void {
    this.#isWhole = false;
    this.#context.forgotten(this.#declaredFrom(from), to);
  }

  /**
   * What was measured of the box's clock holds the time that an event takes to come: by so much
   * a time of the box is earlier by our clock than it seems.
   */
  #declaredFrom(time: number): number {
    return time - this.#context.options.settleMs;
  }

  #remembers(time: number, signal: AbortSignal): Promise<boolean> {
    const { box, slots } = this.#context;
    return slots.run(async () => {
      const query = { from: 0, to: time + ROUNDING_MS, signal };
      for await (const _ of box.storedEvents(query)) return true;
      return false;
    });
  }
}
