import { toDeviceId } from '@se5/core';
import { TEMPLATE } from '@se5/simulator';
import { describe, expect, it } from 'vitest';
import {
  backfilledOf,
  emit,
  heardRig,
  inFuture,
  outage,
  timesOf,
} from '../../support/box-outage.ts';
import { TestClock } from '../../support/test-clock.ts';

describe.concurrent('what a box said while nobody listened', () => {
  it.each(['ascending', 'descending', 'random'] as const)(
    'comes back once, marked BACKFILLED, from pages in %s order, in the order of time',
    async (order) => {
      await using rig = await heardRig({
        simulator: { archive: { order } },
        backfill: { clockMarginMs: 300 },
      });
      const simulator = rig.simulator();
      const missed = await outage(rig, inFuture(120, 1));
      const status = await rig.untilFilledIn();
      expect(status).toMatchObject({ state: 'COMPLETE', recovered: 120, error: undefined });
      const backfilled = backfilledOf(rig);
      expect(backfilled.map(({ occurredAt }) => occurredAt)).toEqual(timesOf(missed));
      expect(backfilled[0]).toMatchObject({
        deviceId: missed[0]?.deviceId,
        identityId: missed[0]?.identityId,
        groupName: missed[0]?.groupName,
        boxId: 'lobby',
      });
      expect(new Set(rig.events.map(({ id }) => id)).size).toBe(121);
      expect(rig.gaps).toEqual([]);
      expect(simulator.sent.length).toBe(121);
      expect(rig.faults).toEqual([]);
    },
  );

  it('reaches subscribers like any other event', async () => {
    await using rig = await heardRig();
    const taken = rig.subscribe().take(2);
    const missed = await outage(rig, emit(2));
    const ids = (await taken).map(({ id }) => id);
    const told = rig.events.filter(({ id }) => ids.includes(id));
    expect(told.map(({ delivery, occurredAt }) => [delivery, occurredAt])).toEqual(
      timesOf(missed).map((time) => ['BACKFILLED', time]),
    );
  });

  it.each([-0.9, 0, 0.6])(
    'is told apart from what was heard when the store is %s ms off the live event',
    async (timestampShiftMs) => {
      await using rig = await heardRig({ simulator: { archive: { timestampShiftMs } } });
      const simulator = rig.simulator();
      emit(5)(simulator);
      await rig.until(() => rig.events.length === 6);
      await outage(rig, emit(3));
      emit(5)(simulator);
      await rig.untilFilledIn();
      await rig.until(() => rig.events.length >= 14);
      const deliveries = rig.events.map(({ delivery }) => delivery);
      expect(deliveries.filter((each) => each === 'BACKFILLED')).toHaveLength(3);
      expect(deliveries).toHaveLength(14);
    },
  );

  it('counts as one that was missed when two are stored and one was heard', async () => {
    await using rig = await heardRig();
    const simulator = rig.simulator();
    const [sent] = simulator.sent;
    const { timestamp = 0, deviceId = '' } = sent ?? {};
    const same = { timestamp: timestamp + 5, deviceId, identityId: '', score: 0.4 };
    simulator.emit(same);
    await rig.until(() => rig.events.length === 2);
    await outage(rig, (box) => box.emit(same));
    expect(await rig.untilFilledIn()).toMatchObject({ state: 'COMPLETE', recovered: 1 });
    const alike = rig.events.filter(({ occurredAt }) => occurredAt === same.timestamp);
    expect(alike.map(({ delivery }) => delivery)).toEqual(['LIVE', 'BACKFILLED']);
  });

  it.each([-2, 2])('is found when the clock of the box is %s hours off', async (hours) => {
    await using rig = await heardRig({ simulator: { clockOffsetMs: hours * 3_600_000 } });
    // One of them is prompt.
    for (let heard = 2; heard <= 20; heard += 1) {
      rig.simulator().emit();
      await rig.until(() => rig.events.length === heard);
    }
    await outage(rig, emit(3));
    expect(await rig.untilFilledIn()).toMatchObject({ state: 'COMPLETE', recovered: 3 });
  });

  it('is read in shorter parts when there is too much for one', async () => {
    await using rig = await heardRig({
      backfill: { maxEvents: 30, clockMarginMs: 1_300 },
    });
    const simulator = rig.simulator();
    const missed = await outage(rig, inFuture(60, 20));
    const { recovered } = await rig.untilFilledIn();
    expect(recovered).toBe(60);
    const backfilled = backfilledOf(rig);
    expect(backfilled.map(({ occurredAt }) => occurredAt)).toEqual(timesOf(missed));
    expect(simulator.storedRequests).toBeGreaterThan(3);
  });

  it('does not hold up what is live', async () => {
    await using rig = await heardRig({ backfill: { pagePauseMs: 20 } });
    const simulator = rig.simulator();
    await outage(rig, emit(500));
    await simulator.until(({ storedRequests }) => storedRequests >= 3);
    const live = simulator.emit();
    await rig.until(() => rig.events.some((event) => event.occurredAt === live.timestamp));
    expect(rig.events.at(-1)).toMatchObject({ delivery: 'LIVE', identityId: live.identityId });
    expect(rig.backfills.at(-1)?.state).toBe('RUNNING');
    expect(await rig.untilFilledIn()).toMatchObject({ recovered: 500 });
    expect(rig.events).toHaveLength(502);
  });

  it('is asked for only when nothing of it can be under way any more', async () => {
    const clock = new TestClock();
    await using rig = await heardRig({
      clock,
      backfill: { clockMarginMs: 1_000, settleMs: 10_000 },
    });
    const asleep = clock.untilAsleep(1_000);
    await outage(rig, emit(1));
    await asleep;
    expect(rig.backfills.at(-1)).toMatchObject({ state: 'RUNNING', recovered: 0 });
    clock.pass(11_000);
    expect(await rig.untilFilledIn()).toMatchObject({ state: 'COMPLETE', recovered: 1 });
  });

  it('is not told again when it still comes live after it was filled in', async () => {
    await using rig = await heardRig({ backfill: { clockMarginMs: 300, settleMs: 0 } });
    const simulator = rig.simulator();
    await outage(rig, () => undefined);
    simulator.faults.outOfOrder();
    const late = simulator.emit();
    await rig.untilFilledIn();
    expect(rig.events.at(-1)).toMatchObject({ delivery: 'BACKFILLED' });
    simulator.faults.outOfOrder(false);
    await rig.until(() => rig.duplicates.length === 1);
    expect(rig.events.filter(({ occurredAt }) => occurredAt === late.timestamp)).toHaveLength(1);
  });

  it('is read back only of the devices that are configured', async () => {
    await using rig = await heardRig({
      simulator: { devices: 1 },
      config: ({ devices }) => ({ devices: devices.map(({ deviceId }) => toDeviceId(deviceId)) }),
    });
    const simulator = rig.simulator();
    const other = simulator.addDevice();
    await outage(rig, (box) => {
      box.emit({ deviceId: other.deviceId });
      box.emit({ deviceId: box.devices[0]?.deviceId ?? '' });
    });
    expect(await rig.untilFilledIn()).toMatchObject({ recovered: 1 });
  });

  it('holds no biometric template', async () => {
    await using rig = await heardRig({ alwaysPictures: true });
    await outage(rig, emit(3));
    await rig.untilFilledIn();
    const kept = JSON.stringify(rig.records);
    expect(kept).toContain('recognize_face_attr');
    expect(kept).not.toContain('feature');
    for (const secret of [...TEMPLATE.feature.map(String), TEMPLATE.feature_binary]) {
      expect(kept).not.toContain(secret);
    }
  });

  it('comes back whole when another outage interrupts the reading back', async () => {
    await using rig = await heardRig();
    const simulator = rig.simulator();
    simulator.faults.storedEvents('unanswered');
    await outage(rig, emit(3));
    await simulator.until(({ storedRequests }) => storedRequests === 1);
    simulator.emit();
    await rig.until(() => rig.events.length === 2);
    await outage(rig, (box) => {
      box.faults.storedEvents(undefined);
      return emit(3)(box);
    });
    expect(await rig.untilFilledIn()).toMatchObject({ state: 'COMPLETE', recovered: 6 });
    expect(rig.events).toHaveLength(8);
    expect(rig.gaps).toEqual([]);
  });

  it('is not what was heard and the journal has forgotten since', async () => {
    const clock = new TestClock();
    await using rig = await heardRig({
      clock,
      maxRecords: 3,
      backfill: { clockMarginMs: 600_000 },
    });
    for (let heard = 2; heard <= 11; heard += 1) {
      clock.pass(60_000);
      rig.simulator().emit({ timestamp: clock.now() });
      await rig.until(() => rig.events.length === heard);
    }
    clock.pass(60_000);
    await outage(rig, (box) => box.emit({ timestamp: clock.now() }));
    await rig.untilLink('lobby', 'LIVE', 2);
    clock.pass(700_000);
    expect(await rig.untilFilledIn()).toMatchObject({ recovered: 1 });
    expect(rig.events).toHaveLength(12);
  });
});
