import type { Simulator } from '@se5/simulator';
import { describe, expect, it } from 'vitest';
import {
  backfilledOf,
  emit,
  hear,
  heardRig,
  outage,
  recoveredTimes,
  timesOf,
} from '../../support/box-outage.ts';
import { boxId } from '../../support/recognitions.ts';
import { Rig } from '../../support/rig.ts';
import { TestClock } from '../../support/test-clock.ts';
import { until } from '../../support/until.ts';

const HOUR = 3_600_000;

describe.concurrent('what a box said during an outage comes back', () => {
  it('when the clock of the machine was an hour ahead, and was set right', async () => {
    const clock = new TestClock();
    clock.jump(HOUR);
    await using rig = await heardRig({ clock, backfill: { noteMs: 5 } });
    await hear(rig, 31);
    clock.jump(-HOUR);
    const missed = await outage(rig, emit(4));
    expect(await rig.untilFilledIn()).toMatchObject({ state: 'COMPLETE', recovered: 4 });
    expect(recoveredTimes(rig)).toEqual(timesOf(missed));
    expect(rig.gaps).toEqual([]);
  });

  it('while the machine slept with its link up, which had died meanwhile', async () => {
    const clock = new TestClock();
    await using rig = await heardRig({ clock, backfill: { noteMs: 5 } });
    const simulator = rig.simulator();
    const asleepAt = clock.now();
    simulator.faults.halfOpen();
    clock.jump(8 * HOUR);
    // Noted anew by the clock of after: nobody has noticed the link yet.
    await until(() => (rig.journal.settled.get(boxId('lobby'))?.at ?? 0) > asleepAt + 7 * HOUR);
    const missed = [1, 4, 7].map((hours) => simulator.emit({ timestamp: asleepAt + hours * HOUR }));
    await outage(rig, (box) => box.faults.clock(8 * HOUR));
    await rig.untilFilledIn();
    expect(recoveredTimes(rig)).toEqual(timesOf(missed));
  });

  it('or is a gap, while the machine slept after another gap', async () => {
    const clock = new TestClock();
    await using rig = await heardRig({ clock });
    rig.simulator().faults.storedEvents('missing');
    await outage(rig, emit(1));
    await rig.untilFilledIn();
    const asleepAt = clock.now();
    await outage(rig, () => clock.jump(8 * HOUR));
    await rig.untilFilledIn(2);
    await rig.until(() => rig.gaps.length === 2);
    expect(rig.gaps[1]?.from).toBeLessThanOrEqual(asleepAt);
    expect(rig.gaps[1]?.from).toBeGreaterThanOrEqual(rig.gaps[0]?.to ?? 0);
    expect(rig.gaps[1]?.to).toBeGreaterThanOrEqual(asleepAt + 8 * HOUR);
  });

  it('when the clock of the machine is set during the outage, forward or back', async () => {
    const clock = new TestClock();
    await using rig = await heardRig({ clock });
    for (const [index, ms] of [HOUR, -3 * HOUR].entries()) {
      const missed = await outage(rig, (box) => {
        clock.jump(ms);
        return emit(3)(box);
      });
      expect(await rig.untilFilledIn(index + 1)).toMatchObject({ state: 'COMPLETE', recovered: 3 });
      expect(recoveredTimes(rig).slice(-3)).toEqual(timesOf(missed));
    }
    expect(rig.gaps).toEqual([]);
  });

  it.each([1, 3, 5])('when the clock of the box was set right %s events before', async (count) => {
    await using rig = await heardRig({ simulator: { clockOffsetMs: 40_000 } });
    await hear(rig, 30);
    rig.simulator().faults.clock(0);
    await hear(rig, count);
    const missed = await outage(rig, emit(4));
    expect(await rig.untilFilledIn()).toMatchObject({ state: 'COMPLETE', recovered: 4 });
    expect(recoveredTimes(rig)).toEqual(timesOf(missed));
  });

  it('when the clock of the box was set right during the outage, and it says nothing since', async () => {
    await using rig = await heardRig({ simulator: { clockOffsetMs: 40_000 } });
    await hear(rig, 30);
    const missed = await outage(rig, (box) => {
      box.faults.clock(0);
      return emit(4)(box);
    });
    expect(await rig.untilFilledIn()).toMatchObject({ state: 'COMPLETE', recovered: 4 });
    expect(recoveredTimes(rig)).toEqual(timesOf(missed));
  });

  it('when the clock of the box was set during the outage, with the first event after it', async () => {
    await using rig = await heardRig({ simulator: { clockOffsetMs: 40_000 } });
    await hear(rig, 30);
    const missed = await outage(rig, (box) => {
      box.faults.clock(-7 * 24 * HOUR);
      return emit(4)(box);
    });
    await rig.untilFilledIn();
    await hear(rig, 1);
    await rig.until(() => backfilledOf(rig).length === 4);
    expect(recoveredTimes(rig)).toEqual(timesOf(missed));
    expect(await rig.untilFilledIn(2)).toMatchObject({ state: 'COMPLETE', recovered: 4 });
  });

  it.each([-150_000, 150_000])(
    'when the clock of the box was set by %s ms, several times, and set right, all during the outage',
    async (ms) => {
      await using rig = await heardRig({
        simulator: { clockOffsetMs: -7 * HOUR },
        backfill: { unseenClockMs: 180_000 },
      });
      // So that the journal goes back further than that.
      rig.simulator().emit({ timestamp: Date.now() - 8 * HOUR });
      await hear(rig, 3);
      const missed = await outage(rig, (box) =>
        [ms, ms / 2, 0].flatMap((aheadMs) => {
          box.faults.clock(-7 * HOUR + aheadMs);
          return emit(2)(box);
        }),
      );
      await rig.until(() => backfilledOf(rig).length === missed.length);
      expect(recoveredTimes(rig)).toEqual(timesOf(missed).toSorted((a, b) => a - b));
      expect(rig.gaps).toEqual([]);
    },
  );

  it('when the clock of the box was set, and it says nothing before another outage', async () => {
    await using rig = await heardRig();
    const missed = await outage(rig, (box) => {
      box.faults.clock(-66_000);
      return emit(4)(box);
    });
    expect(await rig.untilFilledIn()).toMatchObject({ state: 'COMPLETE', recovered: 0 });
    const more = await outage(rig, emit(2));
    await rig.untilFilledIn(2);
    await hear(rig, 1);
    await rig.until(() => backfilledOf(rig).length === 6);
    expect(recoveredTimes(rig)).toEqual(timesOf([...missed, ...more]));
  });

  it.each([20, 40])(
    'when the network stood still before, and brought %s events late',
    async (count) => {
      const clock = new TestClock();
      await using rig = await Rig.with({ clock });
      await rig.start();
      const simulator = rig.simulator();
      // Of a box whose clock is ten minutes ahead.
      const begin = clock.now() + 600_000;
      const at = (ms: number) => (box: Simulator) => box.emit({ timestamp: begin + ms });
      for (let ms = 0; ms < 3; ms += 1) at(ms)(simulator);
      await rig.until(() => rig.events.length === 3);
      clock.pass(60_000);
      for (let late = 1; late <= count; late += 1) at(late * 1_000)(simulator);
      await rig.until(() => rig.events.length === 3 + count);
      const missed = await outage(rig, (box) =>
        [41_000, 45_000, 50_000, 59_900].map((ms) => at(ms)(box)),
      );
      expect(await rig.untilFilledIn()).toMatchObject({ state: 'COMPLETE', recovered: 4 });
      expect(recoveredTimes(rig)).toEqual(timesOf(missed));
    },
  );

  it.each([1_970, 2_099])(
    'when one event said that it was %s, with few questions',
    async (year) => {
      await using rig = await heardRig();
      await hear(rig, 3);
      rig.simulator().emit({ timestamp: Date.UTC(year, 1) });
      await rig.until(() => rig.events.length === 5);
      const missed = await outage(rig, emit(4));
      expect(await rig.untilFilledIn()).toMatchObject({ state: 'COMPLETE', recovered: 4 });
      expect(recoveredTimes(rig)).toEqual(timesOf(missed));
      expect(rig.simulator().storedRequests).toBeLessThan(10);
    },
  );
});
