import { describe, expect, it } from 'vitest';
import { emit, heardRig, outage } from '../../support/box-outage.ts';
import { LIVE_PICTURES } from '../../support/subscriber.ts';

describe.concurrent('the pictures of what was missed', () => {
  it('are fetched when pictures are always captured', async () => {
    await using rig = await heardRig({ alwaysPictures: true });
    const sent = await outage(rig, (box) => box.emit({ personType: 1 }));
    await rig.untilFilledIn();
    const { pictures = {} } = rig.events.at(-1) ?? {};
    for (const slot of ['face', 'scene', 'registered'] as const) {
      const stored = rig.images.get(pictures[slot]?.key ?? '');
      expect(stored?.picture.base64.toString()).toBe(sent.pictures[slot]);
    }
  });

  it('are fetched as far as somebody wants them, and not when they are not kept', async () => {
    for (const keepPictures of [true, false]) {
      await using rig = await heardRig({ keepPictures });
      const simulator = rig.simulator();
      rig.subscribe({ withImages: true, pictures: LIVE_PICTURES });
      await simulator.until(({ configurations }) => configurations.at(-1)?.needFace === true);
      await outage(rig, (box) => box.emit({ personType: 1 }));
      await rig.untilFilledIn();
      const slots = Object.keys(rig.events.at(-1)?.pictures ?? {});
      expect(slots).toEqual(keepPictures ? ['face', 'scene'] : []);
      expect(simulator.pictureRequests).toBe(keepPictures ? 2 : 0);
    }
  });

  it('are counted where the box answers with something else, and others are asked for', async () => {
    await using rig = await heardRig({ alwaysPictures: true });
    const simulator = rig.simulator();
    simulator.faults.pictures('not-json');
    await outage(rig, emit(4));
    const { recovered, missingPictures } = await rig.untilFilledIn();
    expect({ recovered, missingPictures }).toEqual({ recovered: 4, missingPictures: 12 });
    expect(simulator.pictureRequests).toBe(12);
    const slots = rig.spoilt.map(([, { slot, reason }]) => `${slot} ${reason}`);
    expect(Map.groupBy(slots, String).size).toBe(3);
    expect(slots).toHaveLength(12);
    expect(rig.spoilt.every(([, { bytes }]) => bytes > 0)).toBe(true);
  });

  it('are not waited for for long, nor is an event lost for them', async () => {
    await using rig = await heardRig({ alwaysPictures: true });
    const simulator = rig.simulator();
    simulator.faults.pictures('status');
    await outage(rig, emit(20));
    expect(await rig.untilFilledIn()).toMatchObject({
      state: 'COMPLETE',
      recovered: 20,
      missingPictures: 60,
    });
    expect(simulator.pictureRequests).toBe(3);
  });
});
