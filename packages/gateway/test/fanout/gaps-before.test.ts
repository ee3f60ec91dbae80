import { describe, expect, it } from 'vitest';
import type { RecognitionSubscription } from '../../src/fanout/subscription.ts';
import { Inside, positionsOf, take } from '../support/inside.ts';
import { boxDevice, boxId } from '../support/recognitions.ts';

describe('a gap', () => {
  it('comes with the next event, once, to those whose devices it touches', async () => {
    using inside = new Inside();
    const touched = [
      inside.subscribe(),
      inside.subscribe({ deviceIds: ['gate'] }),
      inside.subscribe({ deviceIds: ['a/door', 'b/gate'] }),
      inside.subscribe({ filter: { siteIds: ['hq', 'plant'] } }),
    ];
    const untouched = [
      inside.subscribe({ deviceIds: ['b/gate'] }),
      inside.subscribe({ filter: { boxIds: ['b'] } }),
      inside.subscribe({ filter: { siteIds: ['plant'] } }),
    ];
    await inside.gap({ boxId: boxId('a') });
    for (let i = 0; i < 2; i += 1) await inside.event({ boxId: boxId('b') });
    const gapsOf = async (each: RecognitionSubscription) =>
      (await take(each, 2)).map(({ gapsBefore }) => gapsBefore.length);
    expect(await Promise.all(touched.map(gapsOf))).toEqual(touched.map(() => [1, 0]));
    expect(await Promise.all(untouched.map(gapsOf))).toEqual(untouched.map(() => [0, 0]));
  });

  it('waits for an event that the filter lets through', async () => {
    using inside = new Inside();
    const subscription = inside.subscribe({ filter: { personTypes: ['VIP'] } });
    const next = take(subscription, 1);
    await inside.gap({ from: 1 });
    await inside.events(3);
    await inside.gap({ from: 2 });
    await inside.event({ personType: 'VIP' });
    const [delivery] = await next;
    expect(delivery?.gapsBefore.map(({ from }) => from)).toEqual([1, 2]);
  });

  it('of no one box, or of a box that is configured no longer, touches everyone', async () => {
    using inside = new Inside();
    const subscription = inside.subscribe({ deviceIds: ['b/gate'] });
    await inside.gap({ boxId: null });
    await inside.gap({ boxId: boxId('removed') });
    await inside.event({ boxId: boxId('b') });
    const [delivery] = await take(subscription, 1);
    expect(delivery?.gapsBefore).toHaveLength(2);
  });

  it('touches one who listens to a device that its box does not list any more', async () => {
    using inside = new Inside();
    const subscription = inside.subscribe({ deviceIds: ['door', 'b/gate'] });
    inside.directory.list(boxId('a'), ['gate'].map(boxDevice));
    await inside.gap({ boxId: boxId('a') });
    await inside.event({ boxId: boxId('b') });
    const [delivery] = await take(subscription, 1);
    expect(delivery?.gapsBefore).toHaveLength(1);
  });

  it('is what a cursor of another life gives, before all that is kept', async () => {
    using earlier = new Inside();
    using inside = new Inside();
    const records = await inside.events(2);
    const after = earlier.journal.cursorAt(earlier.journal.newest);
    const deliveries = await take(inside.subscribe({ after }), 2);
    expect(positionsOf(deliveries)).toEqual(positionsOf(records));
    expect(deliveries.map(({ gapsBefore }) => gapsBefore.map(({ reason }) => reason))).toEqual([
      ['UNKNOWN_CURSOR'],
      [],
    ]);
    expect(deliveries[0]?.replayed).toBe(true);
  });
});
