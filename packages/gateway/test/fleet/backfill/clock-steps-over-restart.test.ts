import type { Simulator } from '@se5/simulator';
import { describe, expect, it } from 'vitest';
import type { BackfillOptions } from '../../../src/fleet/backfill/options.ts';
import {
  backfilledOf,
  emit,
  hear,
  heardRig,
  hearFrom,
  outage,
  recoveredTimes,
  timesOf,
} from '../../support/box-outage.ts';
import { journalFile, openAt } from '../../support/journals.ts';
import { boxId } from '../../support/recognitions.ts';
import { Rig, type RigOptions } from '../../support/rig.ts';
import { TestClock } from '../../support/test-clock.ts';

const HOUR = 3_600_000;

const backfill: Partial<BackfillOptions> = { noteMs: 5 };

/** A gateway, and the box that those after it have too. */
const firstGateway = async (
  path: string,
  clock: TestClock,
  simulator: RigOptions['simulator'] = {},
): Promise<Rig> => Rig.with({ clock, backfill, simulator, journal: await openAt(path) });

const nextGateway = async (path: string, clock: TestClock, box: Simulator): Promise<Rig> =>
  Rig.with({
    clock,
    backfill,
    journal: await openAt(path),
    config: () => ({ eventPort: box.eventPort, apiPort: box.apiPort }),
  });

/** Its box goes on. */
async function stop({ fleet, journal }: Rig): Promise<void> {
  await fleet[Symbol.asyncDispose]();
  await journal[Symbol.asyncDispose]();
}

describe.concurrent('over a restart, what was missed comes back', () => {
  it.each([
    ['before the gateway stops', true],
    ['while it is down', false],
  ])('when the clock of the machine was an hour ahead, and is set right %s', async (_, isEarly) => {
    await using file = await journalFile();
    const clock = new TestClock();
    clock.jump(HOUR);
    await using simulated = await firstGateway(file.path, clock);
    const simulator = simulated.simulator();
    await simulated.start();
    await hear(simulated, 5);
    if (isEarly) clock.jump(-HOUR);
    await stop(simulated);
    if (!isEarly) clock.jump(-HOUR);
    const missed = emit(4)(simulator);

    await using rig = await nextGateway(file.path, clock, simulator);
    rig.fleet.start();
    expect(await rig.untilFilledIn()).toMatchObject({ state: 'COMPLETE', recovered: 4 });
    expect(recoveredTimes(rig)).toEqual(timesOf(missed));
    expect(rig.gaps).toEqual([]);
  });

  it.each([
    ['by the next gateway', 1],
    ['by the one after a gateway that hears nothing', 2],
  ])('when the clock of the machine was set after the box was heard: %s', async (_, gateways) => {
    await using file = await journalFile();
    const clock = new TestClock();
    clock.jump(3 * HOUR);
    await using simulated = await firstGateway(file.path, clock, { clockOffsetMs: -HOUR });
    const simulator = simulated.simulator();
    await simulated.start();
    await hear(simulated, 31);
    // The wall times of these events tell nothing of the box's clock any more.
    clock.jump(-3 * HOUR);
    await stop(simulated);
    for (let gateway = 1; gateway <= gateways; gateway += 1) {
      const before = emit(4)(simulator);
      await using rig = await nextGateway(file.path, clock, simulator);
      rig.fleet.start();
      expect(await rig.untilFilledIn()).toMatchObject({ state: 'COMPLETE', recovered: 4 });
      expect(recoveredTimes(rig)).toEqual(timesOf(before));
      await stop(rig);
    }
  });

  it('when the box’s clock was wrong then, and the next gateway heard it by another and could not ask', async () => {
    await using file = await journalFile();
    const clock = new TestClock();
    await using simulated = await firstGateway(file.path, clock);
    const simulator = simulated.simulator();
    await simulated.start();
    simulator.faults.clock(66_000);
    await hear(simulated, 2);
    await stop(simulated);
    const missed = emit(4)(simulator);
    simulator.faults.clock(0);
    {
      simulator.faults.storedEvents('unanswered');
      await using between = await nextGateway(file.path, clock, simulator);
      const { length } = simulator.configurations;
      between.fleet.start();
      await simulator.until(({ configurations }) => configurations.length > length);
      await hearFrom(simulator, between, 33);
      // By another wall clock it is noted anew, though nothing has been read.
      clock.jump(10);
      await stop(between);
    }
    simulator.faults.storedEvents(undefined);
    await using rig = await nextGateway(file.path, clock, simulator);
    rig.fleet.start();
    await rig.untilFilledIn();
    expect(recoveredTimes(rig)).toEqual(timesOf(missed));
  });

  it('when only a gateway that could not ask heard the box by that clock, before it was set right', async () => {
    await using file = await journalFile();
    const clock = new TestClock();
    await using simulated = await firstGateway(file.path, clock);
    const simulator = simulated.simulator();
    await simulated.start();
    await hear(simulated, 2);
    await stop(simulated);
    simulator.faults.clock(-66_000);
    const missed = emit(4)(simulator);
    {
      simulator.faults.storedEvents('unanswered');
      await using between = await nextGateway(file.path, clock, simulator);
      const { length } = simulator.configurations;
      between.fleet.start();
      await simulator.until(({ configurations }) => configurations.length > length);
      await hearFrom(simulator, between, 2);
      simulator.faults.clock(0);
      await hearFrom(simulator, between, 33);
      await stop(between);
    }
    simulator.faults.storedEvents(undefined);
    await using rig = await nextGateway(file.path, clock, simulator);
    rig.fleet.start();
    await rig.untilFilledIn();
    expect(recoveredTimes(rig)).toEqual(timesOf(missed));
  });

  it('when the clock of the box was set, and it says nothing before the gateway is restarted once more', async () => {
    await using file = await journalFile();
    const clock = new TestClock();
    await using simulated = await firstGateway(file.path, clock);
    const simulator = simulated.simulator();
    await simulated.start();
    await hear(simulated, 2);
    await stop(simulated);
    simulator.faults.clock(-66_000);
    const missed = emit(4)(simulator);
    {
      await using quiet = await nextGateway(file.path, clock, simulator);
      quiet.fleet.start();
      expect(await quiet.untilFilledIn()).toMatchObject({ state: 'COMPLETE', recovered: 0 });
      await stop(quiet);
    }
    await using rig = await nextGateway(file.path, clock, simulator);
    const { length } = simulator.configurations;
    rig.fleet.start();
    await simulator.until(({ configurations }) => configurations.length > length);
    simulator.emit();
    await rig.until(() => backfilledOf(rig).length === 4);
    expect(recoveredTimes(rig)).toEqual(timesOf(missed));
  });

  it('or is a gap when nobody knows when the box was heard: of a quiet one, noted by a clock that was ahead, before the machine was started anew', async () => {
    await using file = await journalFile();
    const clock = new TestClock();
    clock.jump(HOUR);
    await using simulated = await firstGateway(file.path, clock);
    const simulator = simulated.simulator();
    await simulated.start();
    await stop(simulated);
    clock.boot = 'second';
    clock.jump(-HOUR);
    const missed = simulator.emit();

    await using rig = await nextGateway(file.path, clock, simulator);
    rig.fleet.start();
    expect(await rig.untilFilledIn()).toMatchObject({ state: 'INCOMPLETE' });
    const [gap] = rig.gaps;
    expect(gap?.from).toBeLessThanOrEqual(missed.timestamp);
    expect(gap?.to).toBeGreaterThanOrEqual(missed.timestamp);
  });

  it.each([
    ['set right, back by more than the outage lasted', HOUR, HOUR],
    ['set wrong, back by more than the outage lasted', 0, HOUR],
    ['set back by less than the outage lasted', 20_000, 20_000],
    ['set forward', 0, -HOUR],
    ['set wrong, back, with the machine started anew', 0, HOUR, 'second'],
  ])(
    'or is a gap, of a box that stores nothing: the clock is %s',
    async (_, aheadMs, backMs, boot = 'first') => {
      await using file = await journalFile();
      const clock = new TestClock();
      clock.jump(aheadMs);
      await using simulated = await firstGateway(file.path, clock);
      const simulator = simulated.simulator();
      simulator.faults.storedEvents('missing');
      await simulated.start();
      await hear(simulated, 1);
      await stop(simulated);
      clock.boot = boot;
      clock.jump(-backMs);
      const endedAt = clock.now();
      clock.pass(60_000);

      await using rig = await nextGateway(file.path, clock, simulator);
      rig.fleet.start();
      expect(await rig.untilFilledIn()).toMatchObject({ state: 'INCOMPLETE' });
      await rig.until(() => rig.gaps.length > 0);
      const [gap] = rig.gaps;
      expect(gap?.from).toBeLessThanOrEqual(endedAt);
      // Not much more, however far the clock was set back.
      if (boot === 'first' && backMs >= 0) expect(gap?.from).toBeGreaterThan(endedAt - 60_000);
      expect(gap?.to).toBeGreaterThanOrEqual(endedAt + 60_000);
    },
  );

  it('or is in a gap that begins at the ms that was noted, though the clocks are read 1 ms apart', async () => {
    await using file = await journalFile();
    const clock = new TestClock();
    await using simulated = await heardRig({ clock, backfill, journal: await openAt(file.path) });
    const simulator = simulated.simulator();
    simulator.faults.storedEvents('missing');
    await stop(simulated);
    clock.jump(-1);
    await using rig = await nextGateway(file.path, clock, simulator);
    const noted = rig.journal.settled.get(boxId('lobby'));
    rig.fleet.start();
    await rig.until(() => rig.gaps.length > 0);
    expect(rig.gaps[0]?.from).toBe(noted?.at);
  });

  it('and the end of a gap is noted as an instant with the gap', async () => {
    const clock = new TestClock();
    await using rig = await heardRig({ clock, backfill: { noteMs: 1_000_000_000 } });
    rig.simulator().faults.storedEvents('missing');
    await outage(rig, emit(1));
    await rig.until(() => rig.gaps.length > 0);
    expect(rig.journal.settled.get(boxId('lobby'))).toEqual({
      at: rig.gaps[0]?.to,
      instant: { boot: 'first', ms: expect.any(Number), aheadMs: expect.any(Array) },
    });
  });

  it.each([
    ['comes back', undefined],
    ['is a gap, of a box that stores nothing', 'missing'],
  ] as const)(
    'while the machine slept, and its monotonic clock stood still: %s',
    async (_, fault) => {
      await using file = await journalFile();
      const clock = new TestClock();
      await using simulated = await firstGateway(file.path, clock);
      const simulator = simulated.simulator();
      simulator.faults.storedEvents(fault);
      await simulated.start();
      await hear(simulated, 1);
      await stop(simulated);
      const asleepAt = clock.now();
      clock.jump(8 * HOUR);
      const missed = [1, 4, 7].map((hours) =>
        simulator.emit({ timestamp: asleepAt + hours * HOUR }),
      );
      simulator.faults.clock(8 * HOUR);

      await using rig = await nextGateway(file.path, clock, simulator);
      rig.fleet.start();
      await rig.untilFilledIn();
      if (fault === undefined) {
        expect(recoveredTimes(rig)).toEqual(timesOf(missed));
        return;
      }
      await rig.until(() => rig.gaps.length > 0);
      const [gap] = rig.gaps;
      expect(gap?.from).toBeLessThanOrEqual(asleepAt);
      expect(gap?.to).toBeGreaterThanOrEqual(asleepAt + 8 * HOUR);
    },
  );
});
