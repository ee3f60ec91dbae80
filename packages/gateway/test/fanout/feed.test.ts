import { toDeviceId } from '@se5/core';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Delivery } from '../../src/fanout/delivery.ts';
import type { Gap } from '../../src/journal/gap.ts';
import type { Position } from '../../src/journal/journal.ts';
import { DONE, Inside, LIVE_PICTURES, NO_PICTURES, positionsOf, take } from '../support/inside.ts';
import { boxId } from '../support/recognitions.ts';

afterEach(() => {
  vi.useRealTimers();
});

describe('the feed', () => {
  it('hands out what comes after the subscription began, in order, as it happens', async () => {
    using inside = new Inside();
    await inside.event();
    const subscription = inside.subscribe();
    const first = subscription.next();
    const records = await inside.events(3);
    const deliveries = [(await first).value, ...(await take(subscription, 2))];
    expect(deliveries).toEqual(
      records.map((record) => ({
        event: record.kind === 'event' && record.event,
        position: record.position,
        replayed: false,
        withImages: false,
        imagesOmitted: false,
        gapsBefore: [],
      })),
    );
  });

  it('hands out what is for the subscriber: its devices, and its filter', async () => {
    using inside = new Inside();
    const ofDoor = inside.subscribe({ deviceIds: ['door'] });
    const ofB = inside.subscribe({ deviceIds: ['gate'], filter: { boxIds: ['b'] } });
    const strangers = inside.subscribe({ filter: { personTypes: ['STRANGER'] } });
    const ofNone = inside.subscribe({ deviceIds: [] });
    const none = ofNone.next();
    const gateA = await inside.event({ personType: 'STRANGER' });
    const doorA = await inside.event({ deviceId: toDeviceId('door') });
    const gateB = await inside.event({ boxId: boxId('b') });
    expect(positionsOf(await take(ofDoor, 1))).toEqual([doorA.position]);
    expect(positionsOf(await take(ofB, 1))).toEqual([gateB.position]);
    expect(positionsOf(await take(strangers, 1))).toEqual([gateA.position]);
    await ofNone.return?.();
    expect(await none).toEqual(DONE);
  });

  it('takes an id that nobody has named, and waits for it', async () => {
    using inside = new Inside();
    const subscription = inside.subscribe({ deviceIds: ['new'] });
    const pending = take(subscription, 1);
    await inside.event();
    const { position } = await inside.event({ deviceId: toDeviceId('new') });
    expect(positionsOf(await pending)).toEqual([position]);
  });

  it('replays what came after a cursor, says so, and goes on with what happens', async () => {
    using inside = new Inside();
    const [first, ...later] = await inside.events(4);
    const after = inside.journal.cursorAt(first?.position as Position);
    const subscription = inside.subscribe({ after });
    const live = await inside.event();
    const deliveries = await take(subscription, 4);
    expect(positionsOf(deliveries)).toEqual(positionsOf([...later, live]));
    expect(deliveries.map(({ replayed }) => replayed)).toEqual([true, true, true, false]);
    expect(deliveries.some(({ imagesOmitted }) => imagesOmitted)).toBe(false);
  });

  it('refuses at once what is no cursor, and keeps nothing of that subscription', () => {
    using inside = new Inside();
    expect(() =>
      inside.subscribe({ after: 'yesterday', withImages: true, pictures: LIVE_PICTURES }),
    ).toThrow(expect.objectContaining({ code: 'INVALID_CURSOR' }));
    expect(inside.feed.subscribers).toBe(0);
    expect(inside.demand.of(boxId('a'))).toEqual(NO_PICTURES);
  });

  it('leaves no gap and no double where replay becomes live, whatever the order of things', async () => {
    const action = fc.oneof(
      { arbitrary: fc.constant('event' as const), weight: 4 },
      { arbitrary: fc.constant('event of another' as const), weight: 2 },
      { arbitrary: fc.constant('gap' as const), weight: 1 },
      { arbitrary: fc.constant('gap of another' as const), weight: 1 },
      { arbitrary: fc.constant('ask' as const), weight: 4 },
      { arbitrary: fc.constant('turn' as const), weight: 4 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 250 }),
        fc.nat({ max: 250 }),
        fc.array(action, { maxLength: 60 }),
        async (before, seen, actions) => {
          using inside = new Inside();
          const start = inside.journal.newest;
          const records = await inside.events(before);
          const cursorPosition = records[seen]?.position ?? start;
          const subscription = inside.subscribe({
            after: inside.journal.cursorAt(cursorPosition),
            filter: { boxIds: ['a'] },
          });
          const asked: Promise<IteratorResult<Delivery>>[] = [];
          const happens = {
            event: async () => records.push(await inside.event()),
            'event of another': () => inside.event({ boxId: boxId('b') }),
            gap: async () => records.push(await inside.gap({ from: records.length })),
            'gap of another': () => inside.gap({ boxId: boxId('b') }),
            ask: async () => asked.push(subscription.next()),
            turn: () => Promise.resolve(),
          };
          for (const each of actions) await happens[each]();
          // One that carries what gaps are left.
          records.push(await inside.event());

          const wanted = records.filter(({ position }) => position > cursorPosition);
          const events = wanted.filter(({ kind }) => kind === 'event');
          while (asked.length < events.length) asked.push(subscription.next());
          const results = await Promise.all(asked.slice(0, events.length));
          const told = results.flatMap(({ value }) => [
            ...value.gapsBefore.map((gap: Gap) => gap.from),
            value.position,
          ]);
          const expected = wanted.map((each) =>
            each.kind === 'gap' ? each.gap.from : each.position,
          );
          expect(told).toEqual(expected);
          await subscription.return?.();
        },
      ),
      { numRuns: 300 },
    );
  });

  it('ends a waiting next at once when the subscriber goes, and lets the pictures go', async () => {
    vi.useFakeTimers();
    using inside = new Inside();
    const subscription = inside.subscribe({ withImages: true, pictures: LIVE_PICTURES });
    expect(inside.demand.of(boxId('a'))).toEqual(LIVE_PICTURES);
    const waiting = [subscription.next(), subscription.next()];
    await subscription.return?.();
    expect(await Promise.all(waiting)).toEqual([DONE, DONE]);
    expect(await subscription.next()).toEqual(DONE);
    expect(inside.feed.subscribers).toBe(0);
    vi.advanceTimersByTime(2_000);
    expect(inside.demand.of(boxId('a'))).toEqual(NO_PICTURES);
  });

  it('asks for pictures only when they are shown, and only of the boxes that are heard', async () => {
    using inside = new Inside();
    inside.subscribe({ withImages: false, pictures: LIVE_PICTURES });
    inside.subscribe({ withImages: true, pictures: NO_PICTURES });
    inside.subscribe({ withImages: true, pictures: LIVE_PICTURES, deviceIds: ['door'] });
    expect(inside.demand.of(boxId('a'))).toEqual(LIVE_PICTURES);
    expect(inside.demand.of(boxId('b'))).toEqual(NO_PICTURES);
  });

  it('answers several waiting readers of one subscription in order', async () => {
    using inside = new Inside();
    const subscription = inside.subscribe();
    const waiting = [subscription.next(), subscription.next(), subscription.next()];
    const records = await inside.events(3);
    const results = await Promise.all(waiting);
    expect(results.map(({ value }) => value?.position)).toEqual(positionsOf(records));
  });

  it('fails with what the journal fails with, and is over then', async () => {
    using inside = new Inside();
    const subscription = inside.subscribe();
    await inside.event();
    const broken = new Error('the disk is gone');
    vi.spyOn(inside.journal, 'read').mockRejectedValueOnce(broken);
    const waiting = [subscription.next(), subscription.next()];
    await expect(waiting[0]).rejects.toBe(broken);
    expect(await waiting[1]).toEqual(DONE);
    expect(inside.feed.subscribers).toBe(0);
  });

  it('ends everything when it is disposed of', async () => {
    using inside = new Inside();
    const waiting = [inside.subscribe(), inside.subscribe()].map((each) => each.next());
    inside.feed[Symbol.dispose]();
    expect(await Promise.all(waiting)).toEqual([DONE, DONE]);
    expect(inside.feed.subscribers).toBe(0);
    await inside.event();
  });
});
