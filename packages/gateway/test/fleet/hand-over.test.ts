import { describe, expect, it } from 'vitest';
import type { Journal } from '../../src/journal/journal.ts';
import { emit, heardRig, outage } from '../support/box-outage.ts';
import { boxId } from '../support/recognitions.ts';
import { Rig } from '../support/rig.ts';
import { until } from '../support/until.ts';

const LOBBY = boxId('lobby');

describe('a fleet that lets a box go', () => {
  it('has all that the box said when nothing was missed', async () => {
    await using rig = await heardRig();
    emit(20)(rig.simulator());
    await expect(rig.fleet.disconnect(LOBBY)).resolves.toBe(true);
    await rig.until(() => rig.events.length === 21);
  });

  it('has not while something is still to be read back', async () => {
    await using rig = await heardRig();
    rig.simulator().faults.storedEvents('unanswered');
    await outage(rig, emit(1));
    await rig.simulator().until(({ storedRequests }) => storedRequests > 0);
    await expect(rig.fleet.disconnect(LOBBY)).resolves.toBe(false);
  });

  it('may not have when the box has not shown its clock since it was read back', async () => {
    await using rig = await heardRig();
    await outage(rig, emit(1));
    await rig.untilFilledIn();
    await expect(rig.fleet.disconnect(LOBBY)).resolves.toBe(false);
  });

  it('has not when the link is down', async () => {
    await using rig = await heardRig();
    await rig.simulator().faults.refuse('closed');
    rig.simulator().faults.drop();
    await rig.untilLink('lobby', 'BACKING_OFF');
    await expect(rig.fleet.disconnect(LOBBY)).resolves.toBe(false);
  });
});

describe('a fleet that is handed a box', () => {
  const long = Date.now() - 60_000;
  const before = async (journal: Journal) => journal.settle(LOBBY, { at: long });

  it('reads nothing back when the owner before heard it until this one did', async () => {
    await using rig = await Rig.with({ before, handedAt: Number.POSITIVE_INFINITY });
    await rig.start();
    await until(() => (rig.journal.settled.get(LOBBY)?.at ?? 0) > long);
    expect(rig.simulator().storedRequests).toBe(0);
    expect(rig.gaps).toEqual([]);
  });

  it('reads back what it may have missed when its link came later', async () => {
    await using rig = await Rig.with({ before, handedAt: 0 });
    await rig.start();
    await expect(rig.untilFilledIn()).resolves.toMatchObject({ from: long });
  });
});
