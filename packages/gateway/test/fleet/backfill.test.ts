import { setImmediate as nextTurn } from 'node:timers/promises';
import { toDeviceId as toId } from '@se5/core';
import { type AnswerFault, type Simulator, TEMPLATE } from '@se5/core/simulator';
import { describe, expect, it } from 'vitest';
import { boxId, recognition } from '../support/recognitions.ts';
import { AT_ONCE, isListenedTo, Rig, type RigOptions } from '../support/rig.ts';

/** An event may be under way for so long: from so much earlier on something may be lost. */
const UNDER_WAY_MS = AT_ONCE.settleMs ?? 0;

const LIVE_PICTURES = { live: true, registered: false };

const events = (rig: Rig) =>
  rig.records.flatMap((record) => (record.kind === 'event' ? [record.event] : []));
const gaps = (rig: Rig) =>
  rig.records.flatMap((record) => (record.kind === 'gap' ? [record.gap] : []));
const timesOf = (sent: readonly { readonly timestamp: number }[]) =>
  sent.map(({ timestamp }) => timestamp);

/** A box that has been heard: it has told of one event. */
async function heardBox(options: RigOptions = {}): Promise<{ rig: Rig; simulator: Simulator }> {
  const rig = await Rig.with(options);
  const simulator = rig.simulator();
  await rig.start();
  simulator.emit();
  await rig.until(() => events(rig).length === 1);
  return { rig, simulator };
}

/** The box is out of reach while `happens`, and listened to again afterwards. */
async function outage<T>(rig: Rig, happens: (simulator: Simulator) => T): Promise<T> {
  const simulator = rig.simulator();
  const configured = simulator.configurations.length;
  await simulator.faults.refuse('closed');
  simulator.faults.drop();
  await rig.until(() => rig.fleet.directory.status(boxId('lobby')).link.name === 'BACKING_OFF');
  const result = happens(simulator);
  await simulator.faults.welcome();
  await simulator.until(({ configurations }) => configurations.length > configured);
  return result;
}

const emit = (count: number) => (simulator: Simulator) =>
  Array.from({ length: count }, () => simulator.emit());

/** The margin for clocks is the only part of a test's outage that is long enough for many events. */
const inFuture = (count: number, everyMs: number) => (simulator: Simulator) => {
  const now = Date.now();
  return Array.from({ length: count }, (_, index) =>
    simulator.emit({ timestamp: now + 1 + index * everyMs }),
  );
};

describe.concurrent('what a box said while nobody listened', () => {
  it.each(['ascending', 'descending', 'random'] as const)(
    'comes back once, marked BACKFILLED, from pages in %s order, in the order of time',
    async (order) => {
      const { rig, simulator } = await heardBox({
        simulator: { archive: { order } },
        backfill: { clockMarginMs: 300 },
      });
      await using _ = rig;
      const missed = await outage(rig, inFuture(120, 1));
      const status = await rig.untilFilledIn();
      expect(status).toMatchObject({ state: 'COMPLETE', recovered: 120, error: undefined });
      const backfilled = events(rig).filter(({ delivery }) => delivery === 'BACKFILLED');
      expect(backfilled.map(({ occurredAt }) => occurredAt)).toEqual(timesOf(missed));
      expect(backfilled[0]).toMatchObject({
        deviceId: missed[0]?.deviceId,
        identityId: missed[0]?.identityId,
        groupName: missed[0]?.groupName,
        boxId: 'lobby',
      });
      expect(new Set(events(rig).map(({ id }) => id)).size).toBe(121);
      expect(gaps(rig)).toEqual([]);
      expect(simulator.sent.length).toBe(121);
      expect(rig.faults).toEqual([]);
    },
  );

  it('reaches subscribers like any other event', async () => {
    const { rig } = await heardBox();
    await using _ = rig;
    const taken = rig.subscribe().take(2);
    const missed = await outage(rig, emit(2));
    const ids = (await taken).map(({ id }) => id);
    const told = events(rig).filter(({ id }) => ids.includes(id));
    expect(told.map(({ delivery, occurredAt }) => [delivery, occurredAt])).toEqual(
      timesOf(missed).map((time) => ['BACKFILLED', time]),
    );
  });

  it.each([-0.9, 0, 0.6])(
    'is told from what was heard, when the store is %s ms off the live event',
    async (timestampShiftMs) => {
      const { rig } = await heardBox({ simulator: { archive: { timestampShiftMs } } });
      await using _ = rig;
      const simulator = rig.simulator();
      emit(5)(simulator);
      await rig.until(() => events(rig).length === 6);
      await outage(rig, emit(3));
      emit(5)(simulator);
      await rig.untilFilledIn();
      await rig.until(() => events(rig).length >= 14);
      const deliveries = events(rig).map(({ delivery }) => delivery);
      expect(deliveries.filter((each) => each === 'BACKFILLED')).toHaveLength(3);
      expect(deliveries).toHaveLength(14);
    },
  );

  it('counts as one that was missed when two are stored and one was heard', async () => {
    const { rig, simulator } = await heardBox();
    await using _ = rig;
    const [sent] = simulator.sent;
    const { timestamp = 0, deviceId = '' } = sent ?? {};
    const same = { timestamp: timestamp + 5, deviceId, identityId: '', score: 0.4 };
    simulator.emit(same);
    await rig.until(() => events(rig).length === 2);
    await outage(rig, (box) => box.emit(same));
    expect(await rig.untilFilledIn()).toMatchObject({ state: 'COMPLETE', recovered: 1 });
    const alike = events(rig).filter(({ occurredAt }) => occurredAt === same.timestamp);
    expect(alike.map(({ delivery }) => delivery)).toEqual(['LIVE', 'BACKFILLED']);
  });

  it('is found whatever the clock of the box says', async () => {
    for (const clockOffsetMs of [-7_200_000, 7_200_000]) {
      const { rig } = await heardBox({ simulator: { clockOffsetMs } });
      await using _ = rig;
      await outage(rig, emit(3));
      expect(await rig.untilFilledIn()).toMatchObject({ state: 'COMPLETE', recovered: 3 });
    }
  });

  it('is read in shorter parts when there is too much for one', async () => {
    const { rig, simulator } = await heardBox({
      backfill: { maxEvents: 30, clockMarginMs: 1_300 },
    });
    await using _ = rig;
    const missed = await outage(rig, inFuture(60, 20));
    const { recovered } = await rig.untilFilledIn();
    expect(recovered).toBe(60);
    const backfilled = events(rig).filter(({ delivery }) => delivery === 'BACKFILLED');
    expect(backfilled.map(({ occurredAt }) => occurredAt)).toEqual(timesOf(missed));
    expect(simulator.storedRequests).toBeGreaterThan(3);
  });

  it('does not hold up what is live', async () => {
    const { rig, simulator } = await heardBox({ backfill: { pagePauseMs: 20 } });
    await using _ = rig;
    await outage(rig, emit(500));
    await simulator.until(({ storedRequests }) => storedRequests >= 3);
    const live = simulator.emit();
    await rig.until(() => events(rig).some((event) => event.occurredAt === live.timestamp));
    expect(events(rig).at(-1)).toMatchObject({ delivery: 'LIVE', identityId: live.identityId });
    expect(rig.backfills.at(-1)?.state).toBe('RUNNING');
    expect(await rig.untilFilledIn()).toMatchObject({ recovered: 500 });
    expect(events(rig)).toHaveLength(502);
  });

  it('is asked for only when nothing of it can be under way any more', async () => {
    const { rig, simulator } = await heardBox({ backfill: { clockMarginMs: 100, settleMs: 200 } });
    await using _ = rig;
    await outage(rig, emit(1));
    await simulator.until(({ storedRequests }) => storedRequests > 0);
    const askedAt = Date.now();
    const { to } = await rig.untilFilledIn();
    // The clock of a simulated box is measured some ms late.
    expect(askedAt).toBeGreaterThanOrEqual(to + 300 - 50);
  });

  it('is not told again when it still comes live after it was filled in', async () => {
    const { rig, simulator } = await heardBox({ backfill: { clockMarginMs: 300, settleMs: 0 } });
    await using _ = rig;
    await outage(rig, () => undefined);
    simulator.faults.outOfOrder();
    const late = simulator.emit();
    await rig.untilFilledIn();
    expect(events(rig).at(-1)).toMatchObject({ delivery: 'BACKFILLED' });
    simulator.faults.outOfOrder(false);
    await rig.until(() => rig.duplicates.length === 1);
    expect(events(rig).filter(({ occurredAt }) => occurredAt === late.timestamp)).toHaveLength(1);
  });

  it('is that of the devices that are configured', async () => {
    const { rig, simulator } = await heardBox({
      simulator: { devices: 1 },
      config: ({ devices }) => ({ devices: devices.map(({ deviceId }) => toId(deviceId)) }),
    });
    await using _ = rig;
    const other = simulator.addDevice();
    await outage(rig, (box) => {
      box.emit({ deviceId: other.deviceId });
      box.emit({ deviceId: box.devices[0]?.deviceId ?? '' });
    });
    expect(await rig.untilFilledIn()).toMatchObject({ recovered: 1 });
  });

  it('holds no biometric template', async () => {
    const { rig } = await heardBox({ alwaysPictures: true });
    await using _ = rig;
    await outage(rig, emit(3));
    await rig.untilFilledIn();
    const kept = JSON.stringify(rig.records);
    expect(kept).toContain('recognize_face_attr');
    expect(kept).not.toContain('feature');
    for (const secret of [...TEMPLATE.feature.map(String), TEMPLATE.feature_binary]) {
      expect(kept).not.toContain(secret);
    }
  });
});

describe.concurrent('the pictures of what was missed', () => {
  it('are fetched when pictures are always captured', async () => {
    const { rig } = await heardBox({ alwaysPictures: true });
    await using _ = rig;
    const sent = await outage(rig, (box) => box.emit({ personType: 1 }));
    await rig.untilFilledIn();
    const { pictures = {} } = events(rig).at(-1) ?? {};
    for (const slot of ['face', 'scene', 'registered'] as const) {
      const stored = rig.images.get(pictures[slot]?.key ?? '');
      expect(stored?.picture.base64.toString()).toBe(sent.pictures[slot]);
    }
  });

  it('are fetched as far as somebody wants them, and not when they are not kept', async () => {
    for (const keepPictures of [true, false]) {
      const { rig, simulator } = await heardBox({ keepPictures });
      await using _ = rig;
      rig.subscribe({ withImages: true, pictures: LIVE_PICTURES });
      await simulator.until(({ configurations }) => configurations.at(-1)?.needFace === true);
      await outage(rig, (box) => box.emit({ personType: 1 }));
      await rig.untilFilledIn();
      const slots = Object.keys(events(rig).at(-1)?.pictures ?? {});
      expect(slots).toEqual(keepPictures ? ['face', 'scene'] : []);
      expect(simulator.pictureRequests).toBe(keepPictures ? 2 : 0);
    }
  });

  it('are not waited for for long, nor is an event lost for them', async () => {
    const { rig, simulator } = await heardBox({ alwaysPictures: true });
    await using _ = rig;
    simulator.faults.pictures('status');
    await outage(rig, emit(20));
    expect(await rig.untilFilledIn()).toMatchObject({ state: 'COMPLETE', recovered: 20 });
    expect(simulator.pictureRequests).toBe(3);
  });
});

describe.concurrent('what cannot be had', () => {
  it('is one gap, with its span and why, when the box has no such endpoint', async () => {
    const { rig, simulator } = await heardBox();
    await using _ = rig;
    simulator.faults.storedEvents('missing');
    const missed = await outage(rig, (box) => box.emit());
    const status = await rig.untilFilledIn();
    expect(status).toMatchObject({
      state: 'INCOMPLETE',
      recovered: 0,
      error: { code: 'NOT_SUPPORTED' },
    });
    expect(simulator.storedRequests).toBe(1);
    const [gap] = gaps(rig);
    const { from, to } = status;
    expect(gap).toMatchObject({
      reason: 'BOX_UNREACHABLE',
      boxId: 'lobby',
      from: from - UNDER_WAY_MS,
    });
    // Until the box has surely read that somebody listens.
    expect(gap?.to).toBeGreaterThan(to);
    expect(gap?.to).toBeLessThanOrEqual(to + 20);
    expect(missed.timestamp).toBeGreaterThanOrEqual(status.from);
    expect(missed.timestamp).toBeLessThanOrEqual(status.to);
    expect(gaps(rig)).toHaveLength(1);
  });

  it.each<[AnswerFault, string]>([
    ['status', 'PROTOCOL'],
    ['envelope', 'BOX_REFUSED'],
    ['not-json', 'PROTOCOL'],
    ['unanswered', 'TIMEOUT'],
    ['slow', 'TIMEOUT'],
    ['huge', 'PROTOCOL'],
  ])('is one gap after some attempts when the answer fails by %s', async (fault, code) => {
    const httpTimeoutMs = fault === 'huge' ? 5_000 : 100;
    const { rig, simulator } = await heardBox({
      box: { httpTimeoutMs },
      backfill: { settleMs: 0 },
    });
    await using _ = rig;
    simulator.faults.storedEvents(fault);
    await outage(rig, emit(1));
    const status = await rig.untilFilledIn();
    expect(status).toMatchObject({ state: 'INCOMPLETE', error: { code } });
    expect(simulator.storedRequests).toBe(3);
    expect(gaps(rig)).toMatchObject([spanOf(status)]);
  });

  it('is nothing when a later attempt succeeds', async () => {
    const { rig, simulator } = await heardBox({ backfill: { retryMs: [20, 20, 20, 20] } });
    await using _ = rig;
    simulator.faults.storedEvents('status');
    await outage(rig, emit(4));
    await simulator.until(({ storedRequests }) => storedRequests === 2);
    simulator.faults.storedEvents(undefined);
    expect(await rig.untilFilledIn()).toMatchObject({ state: 'COMPLETE', recovered: 4 });
    expect(gaps(rig)).toEqual([]);
  });

  it('is a gap up to what the box still has, when it keeps less than the span', async () => {
    const { rig } = await heardBox({
      simulator: { archive: { maxEvents: 2 } },
      backfill: { clockMarginMs: 500 },
    });
    await using _ = rig;
    const missed = await outage(rig, inFuture(3, 100));
    const status = await rig.untilFilledIn();
    expect(status).toMatchObject({ state: 'INCOMPLETE', recovered: 2, error: undefined });
    const { from, to } = spanOf(status);
    expect(gaps(rig)).toMatchObject([{ from: from - UNDER_WAY_MS, to }]);
    const backfilled = events(rig).filter(({ delivery }) => delivery === 'BACKFILLED');
    expect(backfilled.map(({ occurredAt }) => occurredAt)).toEqual(timesOf(missed).slice(1));
  });

  it('is not claimed of a box that had nothing to say', async () => {
    const { rig } = await heardBox();
    await using _ = rig;
    await outage(rig, () => undefined);
    expect(await rig.untilFilledIn()).toMatchObject({ state: 'COMPLETE', recovered: 0 });
    expect(gaps(rig)).toEqual([]);
  });

  it('is not the rest when the gateway stops in the middle: the next one goes on there', async () => {
    const { rig, simulator } = await heardBox();
    await using _ = rig;
    simulator.faults.storedEvents('unanswered');
    await outage(rig, emit(1));
    await simulator.until(({ storedRequests }) => storedRequests === 1);
    const { from = 0 } = rig.backfills.at(-1) ?? {};
    await rig.fleet[Symbol.asyncDispose]();
    expect(gaps(rig)).toEqual([]);
    expect(rig.journal.settled.get(boxId('lobby'))).toBe(from);
    expect(rig.faults).toEqual([]);
  });
});

describe.concurrent('an outage while what was missed is read back', () => {
  it('interrupts that, and everything comes back afterwards', async () => {
    const { rig, simulator } = await heardBox();
    await using _ = rig;
    simulator.faults.storedEvents('unanswered');
    await outage(rig, emit(3));
    await simulator.until(({ storedRequests }) => storedRequests === 1);
    simulator.emit();
    await rig.until(() => events(rig).length === 2);
    await outage(rig, (box) => {
      box.faults.storedEvents(undefined);
      return emit(3)(box);
    });
    expect(await rig.untilFilledIn()).toMatchObject({ state: 'COMPLETE', recovered: 6 });
    expect(events(rig)).toHaveLength(8);
    expect(gaps(rig)).toEqual([]);
  });
});

describe.concurrent('how far a box was listened to', () => {
  const settledTo = (rig: Rig) => rig.journal.settled.get(boxId('lobby')) ?? 0;

  it('is noted of one that says nothing', async () => {
    const before = Date.now();
    await using rig = await Rig.with({ backfill: { noteMs: 5 } });
    await rig.start();
    await rig.fleet[Symbol.asyncDispose]();
    expect(settledTo(rig)).toBeGreaterThanOrEqual(before);
    expect(settledTo(rig)).toBeLessThanOrEqual(Date.now());
  });

  it('stays where it is as long as something before is owed, and what is given up is no more', async () => {
    const { rig, simulator } = await heardBox({
      box: { httpTimeoutMs: 100 },
      backfill: { noteMs: 1, retryMs: [], settleMs: 0 },
    });
    await using _ = rig;
    simulator.faults.storedEvents('unanswered');
    await outage(rig, emit(1));
    await simulator.until(({ storedRequests }) => storedRequests === 1);
    const { from, to } = rig.backfills[0] ?? { from: 0, to: 0 };
    simulator.emit();
    await rig.until(() => events(rig).length === 2);
    expect(settledTo(rig)).toBeLessThanOrEqual(from);
    await rig.untilFilledIn();
    expect(gaps(rig)).toMatchObject([{ from, to }]);
    expect(settledTo(rig)).toBeGreaterThanOrEqual(to);
  });
});

describe.concurrent('a gateway that has just been started', () => {
  it('asks for what was missed since the box was listened to, which may be after its last event', async () => {
    const settledTo = Date.now() - 60_000;
    const heardAt = settledTo - 3_600_000;
    const known = { boxId: boxId('lobby'), receivedAt: heardAt, occurredAt: heardAt };
    const rig = await Rig.with({
      before: async (journal) => {
        await journal.append({ kind: 'event', event: recognition(known) });
        journal.settle(boxId('lobby'), settledTo);
      },
    });
    await using _ = rig;
    const simulator = rig.simulator();
    simulator.emit({ timestamp: heardAt + 1_000 });
    const missed = simulator.emit({ timestamp: settledTo + 30_000 });
    await rig.start();
    expect(await rig.untilFilledIn()).toMatchObject({ recovered: 1, from: settledTo });
    expect(events(rig).at(-1)).toMatchObject({ occurredAt: missed.timestamp });
  });

  it('asks for what was missed since the last live event in its journal when nothing was noted', async () => {
    const receivedAt = Date.now() - 60_000;
    const known = { boxId: boxId('lobby'), receivedAt, occurredAt: receivedAt };
    const rig = await Rig.with({
      before: (journal) => journal.append({ kind: 'event', event: recognition(known) }),
    });
    await using _ = rig;
    const simulator = rig.simulator();
    simulator.emit({ timestamp: receivedAt - 10_000 });
    const missed = simulator.emit({ timestamp: receivedAt + 30_000 });
    await rig.start();
    expect(await rig.untilFilledIn()).toMatchObject({ recovered: 1, from: receivedAt });
    expect(events(rig).at(-1)).toMatchObject({
      delivery: 'BACKFILLED',
      occurredAt: missed.timestamp,
    });
  });

  it('asks nothing of a box that it has never heard', async () => {
    const rig = await Rig.with();
    await using _ = rig;
    const simulator = rig.simulator();
    simulator.emit();
    await rig.start();
    simulator.emit();
    await rig.until(() => events(rig).length === 1);
    await nextTurn();
    expect(simulator.storedRequests).toBe(0);
    expect(rig.backfills).toEqual([]);
    expect(isListenedTo(simulator)).toBe(true);
  });
});

it('what the journal has forgotten is not taken for missed', async () => {
  const { rig } = await heardBox({
    maxRecords: 3,
    backfill: { clockMarginMs: 500 },
  });
  await using _ = rig;
  inFuture(10, 1)(rig.simulator());
  await rig.until(() => events(rig).length === 11);
  await outage(rig, (box) => box.emit({ timestamp: Date.now() + 100 }));
  expect(await rig.untilFilledIn()).toMatchObject({ recovered: 1 });
  expect(events(rig)).toHaveLength(12);
});

const spanOf = ({ from, to }: { readonly from: number; readonly to: number }) => ({ from, to });
