import type { Simulator } from '@se5/simulator';
import { describe, expect, it } from 'vitest';
import type { BackfillOptions } from '../../../src/fleet/backfill/options.ts';
import { backfilledOf, emit, heardRig, outage, timesOf } from '../../support/box-outage.ts';
import { journalFile, openAt } from '../../support/journals.ts';
import { boxId } from '../../support/recognitions.ts';
import { Rig, type RigOptions } from '../../support/rig.ts';
import { TestClock } from '../../support/test-clock.ts';
import { until } from '../../support/until.ts';

const HOUR = 3_600_000;

/** Times of events, as a test compares them. */
const recoveredTimes = (rig: Rig): number[] =>
  backfilledOf(rig)
    .map(({ occurredAt }) => occurredAt)
    .toSorted((a, b) => a - b);

/** So many events are said, and heard, each for itself: so they come promptly. */
const hear = (rig: Rig, count: number): Promise<void> => hearFrom(rig.simulator(), rig, count);

async function hearFrom(simulator: Simulator, rig: Rig, count: number): Promise<void> {
  for (const to = rig.events.length + count; rig.events.length < to; ) {
    const { length } = rig.events;
    simulator.emit();
    await rig.until(() => rig.events.length > length);
  }
}

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
