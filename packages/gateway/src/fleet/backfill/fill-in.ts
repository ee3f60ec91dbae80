import type {
  Clock,
  DeviceId,
  PictureDemand,
  SpoiltPicture,
  StoredEvent,
  StoredEventsQuery,
} from '@se5/core';
import type { Slots } from '../../slots.ts';
import type { FillInSink } from '../fleet-sink.ts';
import type { BackfillOptions } from './options.ts';
import {
  extended,
  isPlanned,
  type Outage,
  type Reading,
  type ReadingPlan,
  readingAt,
  readingsOf,
  sweepsOf,
} from './reading-plan.ts';
import { type Span, union, without } from './spans.ts';
import { StoredPictures, type StoredSource } from './stored-pictures.ts';

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
  /** Whether events of the device are taken: a box may invent devices without number. */
  readonly admits: (deviceId: DeviceId) => boolean;
  /** Told of each event that is not. */
  readonly refused: () => void;
  readonly sink: FillInSink;
  /** Shared by all boxes. */
  readonly slots: Slots;
  readonly clock: Clock;
  readonly options: BackfillOptions;
  readonly wantedPictures: () => PictureDemand;
  readonly unreadable: NonNullable<StoredEventsQuery['unreadable']>;
  /** Told of each picture that was fetched and is none. */
  readonly spoiltPicture: (deviceId: DeviceId, picture: SpoiltPicture) => void;
  /** More has been read. */
  readonly progress: () => void;
  /**
   * This part is lost, at least in part: the box has forgotten, or it can't be read. In instants;
   * what was lost before may be in it again.
   */
  readonly lost: (from: number, to: number) => void;
}

/** The next part of a reading. */
interface Part extends Span {
  readonly reading: Reading;
}

/**
 * Reads back one outage, part by part in the order of time, so that what is in memory is bounded,
 * and what was read stays read whatever happens to the rest. Can be run again where it stopped,
 * and with more to read: the plan says what is wanted, and what has been read is left out.
 */
export class FillIn {
  readonly #context: FillInContext;
  readonly #pictures: StoredPictures;
  #plan: ReadingPlan;
  /** By the box's clock: what has been read. */
  #read: readonly Span[] = [];
  #parts = 0;
  #partMs = FIRST_PART_MS;
  #recovered = 0;
  /** By the box's clock: an event that it has had stored, from before all that is still to be read. */
  #remembered: number | undefined;
  /** Lost, and not said yet: the next part may be lost too, and then it is one span. In instants. */
  #unsaidLoss: Span | undefined;
  /** In instants. */
  #lostTo = Number.NEGATIVE_INFINITY;
  #isWhole = true;

  constructor(plan: ReadingPlan, context: FillInContext) {
    this.#plan = plan;
    this.#context = context;
    this.#remembered = plan.remembered;
    const { box, wantedPictures, spoiltPicture } = context;
    this.#pictures = new StoredPictures(box, wantedPictures, ({ deviceId }, picture) =>
      spoiltPicture(deviceId, picture),
    );
  }

  /** Of the outage, as an instant. */
  get from(): number {
    return this.#plan.from;
  }

  /** Of the outage, as an instant. */
  get to(): number {
    return this.#plan.to;
  }

  /** By how much the box's clock may have been ahead during the outage, in ms. */
  get offsets(): readonly number[] {
    return this.#plan.offsets;
  }

  /** How many parts have been read. */
  get parts(): number {
    return this.#parts;
  }

  /** The instant up to which all is in the journal or lost, whichever of the offsets is the true one. */
  get settledTo(): number {
    const { from, to } = this.#plan;
    const pending = this.#pending;
    const settled = readingsOf(this.#plan).map((reading) => {
      const next = pending.find((span) => span.to > reading.from && span.from < reading.to);
      return next ? this.#earliest(Math.max(next.from, reading.from), reading) : to;
    });
    const settledTo = Math.min(Math.max(Math.min(...settled), from), to);
    return Math.min(
      Math.max(settledTo, this.#lostTo),
      this.#unsaidLoss?.from ?? Number.POSITIVE_INFINITY,
    );
  }

  /** All has been read, also what the box said by a clock that nobody saw. */
  get isSwept(): boolean {
    return this.#unswept.length === 0;
  }

  /**
   * The instant up to which all is lost when nothing more can be read: also what the box said before
   * it had read that somebody listens again.
   */
  get lostTo(): number {
    const { clock, options } = this.#context;
    return Math.min(this.to + options.settleMs, clock.elapsed());
  }

  /** Nothing was forgotten, and all could be read. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Since it was begun, or reopened. */
  get recovered(): number {
    return this.#recovered;
  }

  /** How many pictures of the recovered events were wanted, and could not be had. */
  get missingPictures(): number {
    return this.#pictures.missing;
  }

  /**
   * Another outage ended. What was heard between the two is in the journal, and does no harm.
   *
   * @param offsets By how much the box's clock is ahead, as was measured since, and if it is right.
   */
  extend({ to, sleptMs }: Outage, offsets: readonly number[]): void {
    const plan = this.#plan;
    // By a clock that is less far ahead than was assumed, these times had not come when they were read.
    const { settleMs } = this.#context.options;
    const early = sweepsOf(plan).map(({ minMs, to: end }) => ({
      from: plan.to + minMs - settleMs,
      to: end,
    }));
    this.#read = without(this.#read, early);
    this.#plan = extended(plan, to, sleptMs);
    this.#lostTo -= sleptMs;
    if (this.#unsaidLoss) {
      this.#unsaidLoss = { ...this.#unsaidLoss, from: this.#unsaidLoss.from - sleptMs };
    }
    for (const offset of offsets) this.widen(offset);
  }

  /** The box's clock may have been ahead by so much. @returns whether there is more to read for it. */
  widen(offsetMs: number): boolean {
    if (isPlanned(this.#plan, offsetMs)) return false;
    this.#plan = { ...this.#plan, offsets: [...this.#plan.offsets, offsetMs] };
    return true;
  }

  /** It begins to count anew. */
  reopen(): void {
    this.#recovered = 0;
    this.#pictures.recount();
  }

  /**
   * Settles when all is read that the box remembers.
   *
   * @throws {BoxError} what the box makes of a question; the reason of the signal.
   */
  async run(signal: AbortSignal): Promise<void> {
    if (!this.#plan.isBounded) this.#lose(this.from, this.to);
    for (let part = this.#nextPart(); part; part = this.#nextPart()) {
      const { from, to, reading } = part;
      await this.#settled(to, reading, signal);
      const stored = await this.#readPart(from, to, signal);
      if (stored === undefined) continue;
      const { events, isWhole } = stored;
      this.#pictures.nextPart();
      await this.#lookBack(from, events[0]?.occurredAt ?? to, reading, signal);
      if (events.length > 0) this.#sayLost();
      this.#recovered += await this.#context.sink.take({
        from,
        to,
        events,
        liveFrom: reading.liveFrom,
        pictures: (event) => this.#pictures.of(event, signal),
      });
      // When an event happened that can't be read is not known: somewhere in the part. Said when the
      // others are in the journal, since the end of a gap is noted as settled.
      if (!isWhole) this.#lose(this.#earliest(from, reading), to - reading.minMs);
      this.#remembered = events.at(-1)?.occurredAt ?? this.#remembered;
      this.#read = union([...this.#read, { from, to }]);
      this.#parts += 1;
      this.#context.progress();
    }
    this.#sayLost();
  }

  /** By the box's clock. */
  get #pending(): readonly Span[] {
    return without(readingsOf(this.#plan), this.#read);
  }

  /** By the box's clock: what is pending, and what is read after it for a clock that nobody saw. */
  get #unswept(): readonly Span[] {
    return without(sweepsOf(this.#plan), this.#read);
  }

  #nextPart(): Part | undefined {
    const [likely] = this.#pending;
    const next = likely ?? this.#unswept[0];
    if (!next) return undefined;
    const { from } = next;
    const reading = readingAt(from, (likely ? readingsOf : sweepsOf)(this.#plan));
    const to = Math.min(from + this.#partMs, next.to, reading.to);
    // What may still come live is left for later, not waited for.
    const { clock, options } = this.#context;
    const settledTo = Math.floor(clock.elapsed() + reading.minMs - options.settleMs);
    return {
      from,
      to: settledTo - from > SHORTEST_PART_MS ? Math.min(to, settledTo) : to,
      reading,
    };
  }

  /**
   * Waits until what happened before `to` has had its time to come live; where the box's clock is
   * not known so well, until all has that it said during the outage.
   */
  async #settled(to: number, { minMs }: Reading, signal: AbortSignal): Promise<void> {
    const { clock, options } = this.#context;
    const byBox = Math.min(to - minMs, this.to + this.#plan.marginMs);
    const waitMs = byBox + options.settleMs - clock.elapsed();
    if (waitMs > 0) await clock.sleep(waitMs, signal);
  }

  /** In the order of time; undefined when there are too many, and the part has been made shorter. */
  async #readPart(
    from: number,
    to: number,
    signal: AbortSignal,
  ): Promise<{ readonly events: readonly StoredEvent[]; readonly isWhole: boolean } | undefined> {
    const { box, devices, admits, refused, slots, unreadable, options } = this.#context;
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
        if (admits(event.deviceId)) events.push(event);
        else refused();
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
  async #lookBack(
    from: number,
    oldest: number,
    reading: Reading,
    signal: AbortSignal,
  ): Promise<void> {
    const begin = Math.max(from - reading.maxMs, this.from);
    const end = Math.min(oldest - reading.minMs, this.to);
    if (this.#remembered === undefined || end <= begin) return;
    if (await this.#remembers(this.#remembered, signal)) return;
    this.#lose(this.#earliest(from, reading), end);
  }

  /**
   * By so much the box's clock may have been set back since it had said what it remembers: what it
   * said later may bear a time that is earlier by that.
   */
  get #setBackMs(): number {
    const leastMs = Math.min(...sweepsOf(this.#plan).map(({ minMs }) => minMs));
    return Math.max(...this.#plan.offsets) - leastMs;
  }

  /**
   * The earliest instant at which the box may have said what bears this time. An offset is too small
   * by the time that an event takes to come.
   */
  #earliest(time: number, { maxMs }: Reading): number {
    return time - maxMs - this.#context.options.settleMs;
  }

  /** What lies between the settled and the lost may be in neither. */
  #lose(from: number, to: number): void {
    const begin = Math.max(Math.min(from, this.settledTo), this.from);
    this.#isWhole = false;
    if (this.#unsaidLoss && begin > this.#unsaidLoss.to) this.#sayLost();
    const { from: lostFrom, to: lostUntil } = this.#unsaidLoss ?? { from: begin, to };
    this.#unsaidLoss = { from: Math.min(begin, lostFrom), to: Math.max(to, lostUntil) };
  }

  #sayLost(): void {
    if (!this.#unsaidLoss) return;
    this.#context.lost(this.#unsaidLoss.from, this.#unsaidLoss.to);
    this.#lostTo = Math.max(this.#lostTo, this.#unsaidLoss.to);
    this.#unsaidLoss = undefined;
  }

  /**
   * Whether the box has anything from that time or before. Where its clock may have been set back
   * since, only what is older by that is surely from before, or what bears the very time.
   */
  async #remembers(time: number, signal: AbortSignal): Promise<boolean> {
    const setBackMs = this.#setBackMs;
    if (await this.#hasStored(0, time - setBackMs + ROUNDING_MS, signal)) return true;
    return setBackMs > 0 && this.#hasStored(time - ROUNDING_MS, time + ROUNDING_MS, signal);
  }

  #hasStored(from: number, to: number, signal: AbortSignal): Promise<boolean> {
    const { box, slots } = this.#context;
    return slots.run(async () => {
      for await (const _ of box.storedEvents({ from, to, signal })) return true;
      return false;
    });
  }
}
