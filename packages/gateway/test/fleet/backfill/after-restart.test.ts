import { describe, expect, it } from 'vitest';
import { emit, heardRig, outage } from '../../support/box-outage.ts';
import { boxId, recognition } from '../../support/recognitions.ts';
import { Rig, UNDER_WAY_MS } from '../../support/rig.ts';
import { until } from '../../support/until.ts';

describe.concurrent('how far a box was listened to', () => {
  const settledTo = (rig: Rig) => rig.journal.settled.get(boxId('lobby'))?.at ?? 0;

  it('is noted of one that says nothing', async () => {
    const before = Date.now() - UNDER_WAY_MS;
    await using rig = await Rig.with({ backfill: { noteMs: 5 } });
    await rig.start();
    await rig.fleet[Symbol.asyncDispose]();
    expect(settledTo(rig)).toBeGreaterThanOrEqual(before);
    // clock: one time is after the other, however long it takes.
    expect(settledTo(rig)).toBeLessThanOrEqual(Date.now());
  });

  it('is noted as soon as the box is listened to, not only with the next round of notes', async () => {
    await using rig = await Rig.with({ backfill: { noteMs: 1_000_000_000 } });
    await rig.start();
    await until(() => settledTo(rig) > 0);
  });

  it('stays where it is as long as something before is owed, and what is given up is no more', async () => {
    await using rig = await heardRig({
      // What is looked at meanwhile takes ms; then this ends the only question.
      box: { httpTimeoutMs: 5_000 },
      backfill: { noteMs: 1, retryMs: [], settleMs: 0 },
    });
    const simulator = rig.simulator();
    simulator.faults.storedEvents('unanswered');
    await outage(rig, emit(1));
    await simulator.until(({ storedRequests }) => storedRequests === 1);
    const { from, to } = rig.backfills[0] ?? { from: 0, to: 0 };
    simulator.emit();
    await rig.until(() => rig.events.length === 2);
    expect(settledTo(rig)).toBeLessThanOrEqual(from);
    await rig.untilFilledIn();
    expect(rig.gaps).toMatchObject([{ from, to }]);
    expect(settledTo(rig)).toBeGreaterThanOrEqual(to);
  });

  it('goes no further than what was read back when the gateway stops in the middle, and leaves no gap', async () => {
    await using rig = await heardRig();
    const simulator = rig.simulator();
    simulator.faults.storedEvents('unanswered');
    await outage(rig, emit(1));
    await simulator.until(({ storedRequests }) => storedRequests === 1);
    const { from = 0 } = rig.backfills.at(-1) ?? {};
    await rig.fleet[Symbol.asyncDispose]();
    expect(rig.gaps).toEqual([]);
    expect(settledTo(rig)).toBe(from);
    expect(rig.faults).toEqual([]);
  });
});

describe.concurrent('a gateway that has just been started', () => {
  it('asks for what was missed since the box was listened to, which may be after its last event', async () => {
    const settledTo = Date.now() - 60_000;
    const heardAt = settledTo - 3_600_000;
    const known = { boxId: boxId('lobby'), receivedAt: heardAt, occurredAt: heardAt };
    await using rig = await Rig.with({
      before: async (journal) => {
        await journal.append({ kind: 'event', event: recognition(known) });
        journal.settle(boxId('lobby'), { at: settledTo });
      },
    });
    const simulator = rig.simulator();
    simulator.emit({ timestamp: heardAt + 1_000 });
    const missed = simulator.emit({ timestamp: settledTo + 30_000 });
    await rig.start();
    expect(await rig.untilFilledIn()).toMatchObject({ recovered: 1, from: settledTo });
    expect(rig.events.at(-1)).toMatchObject({ occurredAt: missed.timestamp });
  });

  it('asks for what was missed since the last live event in its journal when nothing was noted', async () => {
    const receivedAt = Date.now() - 60_000;
    const known = { boxId: boxId('lobby'), receivedAt, occurredAt: receivedAt };
    await using rig = await Rig.with({
      before: (journal) => journal.append({ kind: 'event', event: recognition(known) }),
    });
    const simulator = rig.simulator();
    simulator.emit({ timestamp: receivedAt - 10_000 });
    const missed = simulator.emit({ timestamp: receivedAt + 30_000 });
    await rig.start();
    expect(await rig.untilFilledIn()).toMatchObject({ recovered: 1, from: receivedAt });
    expect(rig.events.at(-1)).toMatchObject({
      delivery: 'BACKFILLED',
      occurredAt: missed.timestamp,
    });
  });

  it('says what a box has forgotten of which it had heard only after the last note', async () => {
    const settledTo = Date.now() - 60_000;
    const heardAt = settledTo + 1_000;
    const known = { boxId: boxId('lobby'), receivedAt: heardAt, occurredAt: heardAt };
    await using rig = await Rig.with({
      before: async (journal) => {
        journal.settle(boxId('lobby'), { at: settledTo });
        await journal.append({ kind: 'event', event: recognition(known) });
      },
    });
    rig.simulator().emit({ timestamp: settledTo + 30_000 });
    await rig.start();
    expect(await rig.untilFilledIn()).toMatchObject({ state: 'INCOMPLETE', recovered: 1 });
    expect(rig.gaps).toMatchObject([{ from: settledTo }]);
  });

  it('asks nothing of a box that it has never heard', async () => {
    await using rig = await Rig.with();
    const simulator = rig.simulator();
    simulator.emit();
    await rig.start();
    simulator.emit();
    await rig.until(() => rig.events.length === 1);
    expect(rig.backfills).toEqual([]);
  });
});
