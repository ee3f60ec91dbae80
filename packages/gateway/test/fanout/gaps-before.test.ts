import { describe, expect, it } from 'vitest';
import { Inside, published } from '../support/inside.ts';
import { positionsOf } from '../support/journals.ts';
import { boxDevice, boxId } from '../support/recognitions.ts';
import type { Subscriber, SubscriberRequest } from '../support/subscriber.ts';

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
    const gapsOf = async (each: Subscriber) =>
      (await each.take(2)).map(({ gapsBefore }) => gapsBefore.length);
    expect(await Promise.all(touched.map(gapsOf))).toEqual(touched.map(() => [1, 0]));
    expect(await Promise.all(untouched.map(gapsOf))).toEqual(untouched.map(() => [0, 0]));
  });

  it('waits for an event that the filter lets through', async () => {
    using inside = new Inside();
    const subscriber = inside.subscribe({ filter: { personTypes: ['VIP'] } });
    await inside.gap({ from: 1 });
    await inside.events(3);
    await inside.gap({ from: 2 });
    await inside.event({ personType: 'VIP' });
    const { gapsBefore } = await subscriber.next();
    expect(gapsBefore.map(({ from }) => from)).toEqual([1, 2]);
  });

  it('of no one box, or of a box that is configured no longer, touches everyone', async () => {
    using inside = new Inside();
    const subscriber = inside.subscribe({ deviceIds: ['b/gate'] });
    await inside.gap({ boxId: null });
    await inside.gap({ boxId: boxId('removed') });
    await inside.event({ boxId: boxId('b') });
    expect((await subscriber.next()).gapsBefore).toHaveLength(2);
  });

  it('touches one who listens to a device that its box does not list any more', async () => {
    using inside = new Inside();
    const subscriber = inside.subscribe({ deviceIds: ['door', 'b/gate'] });
    inside.directory.list(boxId('a'), ['gate'].map(boxDevice));
    await inside.gap({ boxId: boxId('a') });
    await inside.event({ boxId: boxId('b') });
    expect((await subscriber.next()).gapsBefore).toHaveLength(1);
  });

  it('touches one who names a device of the box that it does not list', async () => {
    using inside = new Inside();
    const subscriber = inside.subscribe({ deviceIds: ['a/removed', 'b/gate'] });
    await inside.gap({ boxId: boxId('a') });
    await inside.event({ boxId: boxId('b') });
    expect((await subscriber.next()).gapsBefore).toHaveLength(1);
  });

  it.each<[what: string, request: SubscriberRequest, told: number]>([
    ['a device that it may have', { deviceIds: ['camera', 'b/gate'] }, 1],
    ['a device of it', { deviceIds: ['a/camera', 'b/gate'] }, 1],
    ['a device of another', { deviceIds: ['b/gate'] }, 0],
    ['such a device by the filter', { filter: { deviceIds: ['camera', 'gate'] } }, 1],
    ['another box', { deviceIds: ['gate'], filter: { boxIds: ['b'] } }, 0],
  ])(
    'of a box that has not said which devices it has, to one who names %s',
    async (_, request, told) => {
      using inside = new Inside(undefined, {}, ['b']);
      const subscriber = inside.subscribe(request);
      await inside.gap({ boxId: boxId('a') });
      await inside.event({ boxId: boxId('b') });
      expect((await subscriber.next()).gapsBefore).toHaveLength(told);
    },
  );

  it('is what a cursor of another life gives, before all that is kept', async () => {
    using earlier = new Inside();
    using inside = new Inside();
    const records = await inside.events(2);
    const after = earlier.cursor;
    const received = await inside.subscribe({ after }).take(2);
    expect(positionsOf(received)).toEqual(positionsOf(records));
    expect(received.map(({ gapsBefore }) => gapsBefore.map(({ reason }) => reason))).toEqual([
      ['UNKNOWN_CURSOR'],
      [],
    ]);
    expect(received[0]?.replayed).toBe(true);
  });

  it('is executed once for all who have the same to be told, and apart from the others', async () => {
    using inside = new Inside();
    const touched = Array.from({ length: 20 }, () => inside.subscribe());
    inside.subscribe({ deviceIds: ['b/gate'] });
    await inside.gap({ boxId: boxId('a') });
    const executed = inside.fanout.executions;
    await inside.event({ boxId: boxId('b') });
    await published();
    expect(touched.every(({ received }) => received[0]?.gapsBefore.length === 1)).toBe(true);
    expect(inside.fanout.executions - executed).toBe(2);
  });
});
