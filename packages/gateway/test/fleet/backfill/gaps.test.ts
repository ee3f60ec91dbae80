import type { AnswerFault } from '@se5/simulator';
import { describe, expect, it } from 'vitest';
import { backfilledOf, emit, heardRig, outage, timesOf } from '../../support/box-outage.ts';
import { TestClock } from '../../support/test-clock.ts';

const spanOf = ({ from, to }: { readonly from: number; readonly to: number }) => ({ from, to });

describe.concurrent('what cannot be had', () => {
  it('is one gap, with its span and why, when the box has no such endpoint', async () => {
    await using rig = await heardRig();
    const simulator = rig.simulator();
    simulator.faults.storedEvents('missing');
    const missed = await outage(rig, (box) => box.emit());
    const status = await rig.untilFilledIn();
    expect(status).toMatchObject({
      state: 'INCOMPLETE',
      recovered: 0,
      error: { code: 'NOT_SUPPORTED' },
    });
    expect(simulator.storedRequests).toBe(1);
    const [gap] = rig.gaps;
    const { from, to } = status;
    expect(gap).toMatchObject({
      reason: 'BOX_UNREACHABLE',
      boxId: 'lobby',
      from,
    });
    // Until the box has surely read that somebody listens.
    expect(gap?.to).toBeGreaterThan(to);
    expect(gap?.to).toBeLessThanOrEqual(to + 20);
    expect(missed.timestamp).toBeGreaterThanOrEqual(status.from);
    expect(missed.timestamp).toBeLessThanOrEqual(status.to);
    expect(rig.gaps).toHaveLength(1);
  });

  it('is a gap of a box that has forgotten it, and whose clock was set back: what it has left bears earlier times', async () => {
    await using rig = await heardRig({
      simulator: { clockOffsetMs: 66_000, archive: { maxEvents: 3 } },
    });
    const missed = await outage(rig, (box) => {
      box.faults.clock(0);
      return emit(6)(box);
    });
    expect(await rig.untilFilledIn()).toMatchObject({ state: 'INCOMPLETE', recovered: 3 });
    const [gap] = rig.gaps;
    expect(gap?.from).toBeLessThanOrEqual(Number(missed[0]?.timestamp));
    expect(gap?.to).toBeGreaterThanOrEqual(Number(missed[2]?.timestamp));
  });

  it.each<[AnswerFault, string]>([
    ['status', 'PROTOCOL'],
    ['envelope', 'BOX_REFUSED'],
    ['not-json', 'PROTOCOL'],
    ['unanswered', 'TIMEOUT'],
    ['slow', 'TIMEOUT'],
    ['huge', 'PROTOCOL'],
  ])('is one gap after some attempts when the answer fails by %s', async (fault, code) => {
    const httpTimeoutMs = code === 'TIMEOUT' ? 100 : 30_000;
    await using rig = await heardRig({
      box: { httpTimeoutMs },
      backfill: { settleMs: 0 },
    });
    const simulator = rig.simulator();
    simulator.faults.storedEvents(fault);
    await outage(rig, emit(1));
    const status = await rig.untilFilledIn();
    expect(status).toMatchObject({ state: 'INCOMPLETE', error: { code } });
    // On a slow machine, one may be given up before it reaches the box.
    if (code !== 'TIMEOUT') expect(simulator.storedRequests).toBe(3);
    expect(rig.gaps).toMatchObject([spanOf(status)]);
  });

  it('is nothing when a later attempt succeeds', async () => {
    await using rig = await heardRig({ backfill: { retryMs: [20, 20, 20, 20] } });
    const simulator = rig.simulator();
    simulator.faults.storedEvents('status');
    await outage(rig, emit(4));
    await simulator.until(({ storedRequests }) => storedRequests === 2);
    simulator.faults.storedEvents(undefined);
    expect(await rig.untilFilledIn()).toMatchObject({ state: 'COMPLETE', recovered: 4 });
    expect(rig.gaps).toEqual([]);
  });

  it('is a gap up to what the box still has, when it keeps less than the span', async () => {
    const clock = new TestClock();
    await using rig = await heardRig({ clock, simulator: { archive: { maxEvents: 2 } } });
    const missed = await outage(rig, (box) =>
      [1, 2, 3].map(() => {
        clock.pass(60_000);
        return box.emit({ timestamp: clock.now() });
      }),
    );
    const status = await rig.untilFilledIn();
    expect(status).toMatchObject({ state: 'INCOMPLETE', recovered: 2, error: undefined });
    const { from, to } = spanOf(status);
    expect(rig.gaps).toMatchObject([{ from }]);
    const [gap] = rig.gaps;
    expect(gap?.to).toBeGreaterThan(missed[0]?.timestamp ?? 0);
    expect(gap?.to).toBeLessThan(to);
    const backfilled = backfilledOf(rig);
    expect(backfilled.map(({ occurredAt }) => occurredAt)).toEqual(timesOf(missed).slice(1));
  });

  it('is not claimed of a box that had nothing to say', async () => {
    await using rig = await heardRig();
    await outage(rig, () => undefined);
    expect(await rig.untilFilledIn()).toMatchObject({ state: 'COMPLETE', recovered: 0 });
    expect(rig.gaps).toEqual([]);
  });
});
