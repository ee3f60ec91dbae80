import { BoxError, type StoredEvent, toDeviceId } from '@se5/core';
import { expect, it } from 'vitest';
import { FillIn, type FillInContext } from '../../../src/fleet/backfill/fill-in.ts';
import { BACKFILL_DEFAULTS } from '../../../src/fleet/backfill/options.ts';
import type { ReadingPlan } from '../../../src/fleet/backfill/reading-plan.ts';
import type { StoredSource } from '../../../src/fleet/backfill/stored-pictures.ts';
import { Slots } from '../../../src/slots.ts';
import { InstantClock } from '../../support/instant-clock.ts';

const SETTLE_MS = 20;

const storedAt = (occurredAt: number): StoredEvent => ({
  deviceId: toDeviceId('gate'),
  eventId: String(occurredAt),
  occurredAt,
  identityId: '',
  identityName: '',
  groupName: '',
  identityInfo: {},
  personType: 'STRANGER',
  score: 0.3,
  deviceType: 'UNKNOWN',
  deviceIp: undefined,
  pictures: {},
  extra: {},
});

/** All that a fill-in needs, and what most tests don't look at. */
const contextWith = (
  given: Pick<FillInContext, 'box' | 'sink'> & Partial<FillInContext>,
): FillInContext => ({
  devices: undefined,
  admits: () => true,
  refused: () => {},
  slots: new Slots(1),
  clock: new InstantClock(1_000_000),
  options: { ...BACKFILL_DEFAULTS, settleMs: SETTLE_MS },
  wantedPictures: () => ({ live: false, registered: false }),
  unreadable: () => {},
  spoiltPicture: () => {},
  progress: () => {},
  lost: () => {},
  ...given,
});

const planOf = (given: Pick<ReadingPlan, 'from' | 'to' | 'offsets'> & Partial<ReadingPlan>) => ({
  readFrom: given.from,
  joinMs: 3_600_000,
  rightMs: given.offsets[0] ?? 0,
  marginMs: 0,
  unseenMs: 0,
  underWayMs: 0,
  keptFrom: Number.NEGATIVE_INFINITY,
  remembered: undefined,
  isBounded: true,
  ...given,
});

it('says what the box forgets while it is read', async () => {
  const to = 500_000;
  const start = to - 7_000;
  let stored = [-1, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000].map((ms) => storedAt(start + ms));
  const box: StoredSource = {
    async *storedEvents({ from, to }) {
      yield* stored.filter(({ occurredAt }) => occurredAt >= from && occurredAt < to);
    },
    picture: () => Promise.reject(new Error('no event has one')),
  };
  const forgotten: (readonly [from: number, to: number])[] = [];
  const taken: number[] = [];
  const plan = planOf({ from: start, to, offsets: [0], remembered: start - 1 });
  const context = contextWith({
    box,
    sink: {
      take: async ({ events }) => {
        taken.push(...events.map(({ occurredAt }) => occurredAt - start));
        // It keeps one event only, from now on.
        stored = stored.slice(-1);
        return events.length;
      },
    },
    options: { ...BACKFILL_DEFAULTS, maxEvents: 3, settleMs: SETTLE_MS },
    lost: (from, to) => forgotten.push([from - start, to - start]),
  });
  const fillIn = new FillIn(plan, context);
  await fillIn.run(new AbortController().signal);
  expect(taken).toEqual([1_000, 2_000, 3_000, 6_000]);
  expect(forgotten).toEqual([[3_500 - SETTLE_MS, 6_000]]);
  expect(fillIn.isWhole).toBe(false);
});

it('says of a part in which something could not be read that it is lost, and takes the rest', async () => {
  const to = 500_000;
  const start = to - 30_000;
  const stored = [1_000, 20_000].map((ms) => storedAt(start + ms));
  const bad = start + 2_000;
  const box: StoredSource = {
    async *storedEvents({ from, to, unreadable }) {
      yield* stored.filter(({ occurredAt }) => occurredAt >= from && occurredAt < to);
      if (bad >= from && bad < to) unreadable?.(new BoxError('INVALID_EVENT', 'no time'));
    },
    picture: () => Promise.reject(new Error('no event has one')),
  };
  const told: string[] = [];
  const aheadMs = 100;
  const plan = planOf({ from: start - aheadMs, to: to - aheadMs, offsets: [aheadMs] });
  const context = contextWith({
    box,
    sink: {
      take: async ({ events }) => {
        for (const { occurredAt } of events) told.push(`event ${occurredAt - start}`);
        return events.length;
      },
    },
    unreadable: ({ code }) => told.push(code),
    lost: (from, to) => told.push(`lost ${from - start} to ${to - start}`),
  });
  const fillIn = new FillIn(plan, context);
  await fillIn.run(new AbortController().signal);
  expect(told).toEqual(['INVALID_EVENT', 'event 1000', 'lost -100 to 14900', 'event 20000']);
  expect(fillIn.isWhole).toBe(false);
});
