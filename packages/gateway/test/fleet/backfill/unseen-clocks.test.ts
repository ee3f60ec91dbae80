import { setImmediate as nextTurn } from 'node:timers/promises';
import { type StoredEvent, type StoredEventsQuery, toDeviceId } from '@se5/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Backfill } from '../../../src/fleet/backfill/backfill.ts';
import { BACKFILL_DEFAULTS } from '../../../src/fleet/backfill/options.ts';
import type { BackfillStatus } from '../../../src/fleet/directory.ts';
import { Slots } from '../../../src/slots.ts';
import { InstantClock } from '../../support/instant-clock.ts';
import { boxEvent } from '../../support/recognitions.ts';

/** Far from a clock that is right, which is read in any case. */
const USUAL_MS = -7_200_000;
const START = 10_000_000;
const UNSEEN_MS = 180_000;
const options = { ...BACKFILL_DEFAULTS, unseenClockMs: UNSEEN_MS, maxEvents: 20 };

const stored = (occurredAt: number): StoredEvent => ({
  ...boxEvent({ deviceId: toDeviceId('gate'), occurredAt }),
  pictures: {},
});

interface Said {
  readonly at: number;
  readonly time: number;
}

/** A box whose clock anybody may set, and that stores all that it says. */
class SettableBox {
  aheadMs = USUAL_MS;
  /** It takes questions, and answers none. */
  isMute = false;
  readonly said: Said[] = [];
  readonly #clock: InstantClock;

  constructor(clock: InstantClock) {
    this.#clock = clock;
  }

  say(): Said {
    const at = this.#clock.elapsed();
    const said = { at, time: at + this.aheadMs };
    this.said.push(said);
    return said;
  }

  async *storedEvents({ from, to, signal }: StoredEventsQuery): AsyncGenerator<StoredEvent> {
    if (this.isMute) {
      const { promise, reject } = Promise.withResolvers<never>();
      signal?.addEventListener('abort', () => reject(signal.reason));
      signal?.throwIfAborted();
      await promise;
    }
    for (const { time } of this.said) if (time >= from && time < to) yield stored(time);
  }

  picture(): Promise<never> {
    return Promise.reject(new Error('no event has one'));
  }
}

/** What becomes of one box over several processes of the gateway, and what one notes for the next. */
class Gateways implements AsyncDisposable {
  readonly taken = new Set<number>();
  readonly lost: { readonly from: number; readonly to: number }[] = [];
  readonly faults: unknown[] = [];
  readonly #clock: InstantClock;
  readonly #box: SettableBox;
  #backfill: Backfill;
  #status: BackfillStatus['state'] | undefined;
  /** Of this process; without any, as the one before noted them. */
  #offsets: number[] = [];
  #notedOffsets: readonly number[] = [];
  /** The last that was heard. */
  #newest: Said | undefined;
  #lostAt: number;

  constructor(clock: InstantClock, box: SettableBox) {
    this.#clock = clock;
    this.#box = box;
    this.#lostAt = clock.elapsed();
    this.#backfill = this.#start();
  }

  hear(): void {
    const said = this.#box.say();
    const { at, time } = said;
    this.#offsets = [...this.#offsets, time - at].slice(-31);
    this.#newest = said;
    this.taken.add(time);
    this.#backfill.heard(time - at);
  }

  /** The link is lost, and the gateway may end too. */
  async lose(isRestarted: boolean): Promise<void> {
    this.#lostAt = this.#clock.elapsed() - options.settleMs;
    this.#backfill.pause();
    if (!isRestarted) return;
    await this.#backfill[Symbol.asyncDispose]();
    this.#lostAt = this.#backfill.settledTo(this.#lostAt) ?? this.#lostAt;
    this.#notedOffsets = [...this.#known, ...this.#backfill.owedOffsets];
    this.#offsets = [];
    this.#backfill = this.#start();
  }

  async link(): Promise<void> {
    this.#status = undefined;
    this.#backfill.missed(
      {
        from: this.#lostAt,
        to: this.#clock.elapsed(),
        noted: undefined,
        isAhead: false,
        sleptMs: 0,
      },
      { offsets: this.#known, newestAt: this.#newest?.time },
    );
    while (this.#status === undefined) await nextTurn();
  }

  async read(): Promise<void> {
    // What is read again begins a turn later.
    await nextTurn();
    while (this.#status === 'RUNNING') await nextTurn();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#backfill[Symbol.asyncDispose]();
  }

  get #known(): readonly number[] {
    return this.#offsets.length > 0 ? this.#offsets : this.#notedOffsets;
  }

  #start(): Backfill {
    const clock = this.#clock;
    return new Backfill(options.retryMs, clock, {
      known: async () => ({
        newest: this.#newest && { occurredAt: this.#newest.time, receivedAt: this.#newest.at },
        offsets: [],
        oldestAt: -START,
      }),
      begun() {},
      originMs: () => clock.originMs,
      context: (handlers) => ({
        ...handlers,
        box: this.#box,
        devices: undefined,
        sink: {
          take: async ({ events }) => {
            for (const { occurredAt } of events) this.taken.add(occurredAt);
            return events.length;
          },
        },
        slots: new Slots(1),
        clock,
        options,
        wantedPictures: () => ({ live: false, registered: false }),
        unreadable: () => {},
        spoiltPicture: () => {},
        admits: () => true,
        refused: () => {},
      }),
      status: ({ state }) => {
        this.#status = state;
      },
      lost: (from, to) => this.lost.push({ from, to }),
      fault: (error) => this.faults.push(error),
    });
  }
}

/** So that two that nobody saw are no further apart than is read for one. */
const aheadMs = fc.integer({ min: -UNSEEN_MS / 2, max: UNSEEN_MS / 2 });

/** After so long, the clock may be set, and an event is said. */
const moment = fc.record({
  afterMs: fc.integer({ min: 1, max: 20_000 }),
  setMs: fc.option(aheadMs, { nil: undefined }),
});

const rounds = fc.array(
  fc.record({
    isRestarted: fc.boolean(),
    missed: fc.array(moment, { maxLength: 6 }),
    isMute: fc.boolean(),
    /** After the outage: often nothing, and sometimes more than are looked at. */
    heard: fc.oneof(
      fc.constant([]),
      fc.array(moment, { maxLength: 3 }),
      fc
        .tuple(moment, moment)
        .map((both) => [
          ...both,
          ...Array.from({ length: 40 }, () => ({ afterMs: 10, setMs: undefined })),
        ]),
    ),
  }),
  { minLength: 1, maxLength: 5 },
);

it('loses nothing that a box said, however its clock is set while nobody listens and whoever is restarted', async () => {
  await fc.assert(
    fc.asyncProperty(rounds, async (given) => {
      const clock = new InstantClock(START);
      const box = new SettableBox(clock);
      await using gateways = new Gateways(clock, box);
      const happen = ({ afterMs, setMs }: { afterMs: number; setMs: number | undefined }) => {
        clock.pass(afterMs);
        if (setMs !== undefined) box.aheadMs = USUAL_MS + setMs;
      };
      await gateways.link();
      gateways.hear();
      await gateways.read();
      const missed: Said[] = [];
      for (const each of given) {
        await gateways.lose(each.isRestarted);
        for (const next of each.missed) {
          happen(next);
          missed.push(box.say());
        }
        box.isMute = each.isMute;
        clock.pass(1);
        await gateways.link();
        for (const next of each.heard) {
          happen(next);
          gateways.hear();
        }
        if (!box.isMute) await gateways.read();
      }
      await gateways.lose(true);
      box.isMute = false;
      await gateways.link();
      gateways.hear();
      await gateways.read();
      const isLost = ({ at }: Said) => gateways.lost.some(({ from, to }) => from <= at && at <= to);
      expect(gateways.faults).toEqual([]);
      expect(missed.filter((said) => !gateways.taken.has(said.time) && !isLost(said))).toEqual([]);
      // It remembers all, and answers in the end.
      expect(gateways.lost).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
