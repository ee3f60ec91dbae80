import { toDeviceId } from '@se5/core';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Inside, published } from '../support/inside.ts';
import { positionsOf } from '../support/journals.ts';
import { boxId } from '../support/recognitions.ts';
import { LIVE_PICTURES, ScriptedOutbox, type Subscriber } from '../support/subscriber.ts';

/** What a subscription that has ended answers. */
const DONE = { done: true, value: undefined };

afterEach(() => {
  vi.useRealTimers();
});

describe('the fan-out', () => {
  it('hands out what comes after the subscription began, in order, as it happens', async () => {
    using inside = new Inside();
    await inside.event();
    const subscriber = inside.subscribe();
    const records = await inside.events(3);
    expect(await subscriber.take(3)).toEqual(
      records.map((record) => ({
        id: record.kind === 'event' && record.event.id,
        identityId: '666666',
        position: record.position,
        replayed: false,
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
    const gateA = await inside.event({ personType: 'STRANGER' });
    const doorA = await inside.event({ deviceId: toDeviceId('door') });
    const gateB = await inside.event({ boxId: boxId('b') });
    await published();
    expect(positionsOf(ofDoor.received)).toEqual([doorA.position]);
    expect(positionsOf(ofB.received)).toEqual([gateB.position]);
    expect(positionsOf(strangers.received)).toEqual([gateA.position]);
    expect(ofNone.received).toEqual([]);
  });

  it('takes an id that nobody has named, and waits for it', async () => {
    using inside = new Inside();
    const subscriber = inside.subscribe({ deviceIds: ['new'] });
    await inside.event();
    const { position } = await inside.event({ deviceId: toDeviceId('new') });
    expect((await subscriber.next()).position).toBe(position);
  });

  it('refuses at once what is no cursor, and keeps nothing of that subscription', () => {
    using inside = new Inside();
    expect(() =>
      inside.subscribe({ after: 'yesterday', withImages: true, pictures: LIVE_PICTURES }),
    ).toThrow(expect.objectContaining({ code: 'INVALID_CURSOR' }));
    expect(inside.fanout.subscribers).toBe(0);
    expect(inside.demand.of(boxId('a'))).toEqual({ live: false, registered: false });
  });

  it('leaves no gap and no double where replay becomes live, whatever the order of things', async () => {
    const action = fc.oneof(
      { arbitrary: fc.constant('event' as const), weight: 4 },
      { arbitrary: fc.constant('event of another' as const), weight: 2 },
      { arbitrary: fc.constant('gap' as const), weight: 1 },
      { arbitrary: fc.constant('gap of another' as const), weight: 1 },
      { arbitrary: fc.constant('microtask' as const), weight: 4 },
      { arbitrary: fc.constant('turn' as const), weight: 4 },
      { arbitrary: fc.constant('hard' as const), weight: 1 },
      { arbitrary: fc.constant('soft' as const), weight: 1 },
      { arbitrary: fc.constant('clear' as const), weight: 2 },
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
          const subscriber = inside.subscribe({
            after: inside.journal.cursorAt(cursorPosition),
            filter: { boxIds: ['a'] },
          });
          const { outbox } = subscriber;
          const happens = {
            event: async () => records.push(await inside.event()),
            'event of another': () => inside.event({ boxId: boxId('b') }),
            gap: async () => records.push(await inside.gap({ from: records.length })),
            'gap of another': () => inside.gap({ boxId: boxId('b') }),
            microtask: () => Promise.resolve(),
            turn: published,
            hard: () => (outbox.level = 'hard'),
            soft: () => (outbox.level = 'soft'),
            clear: () => outbox.clear(),
          };
          for (const each of actions) await happens[each]();
          outbox.clear();
          // One that carries what gaps are left.
          records.push(await inside.event());

          const wanted = records.filter(({ position }) => position > cursorPosition);
          const events = wanted.filter(({ kind }) => kind === 'event');
          const told = (await subscriber.take(events.length)).flatMap(
            ({ gapsBefore, position }) => [...gapsBefore.map(({ from }) => from), position],
          );
          expect(told).toEqual(
            wanted.map((each) => (each.kind === 'gap' ? each.gap.from : each.position)),
          );
          await published();
          expect(subscriber.received).toHaveLength(events.length);
          expect(subscriber.position).toBe(inside.journal.newest);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('writes once to a connection for all that one turn of the event loop brought', async () => {
    // A turn that lasts long is published in parts: here it takes no time.
    vi.useFakeTimers({ toFake: ['performance'] });
    using inside = new Inside();
    const outbox = new ScriptedOutbox();
    const all = inside.subscribe({ outbox });
    const some = inside.subscribe({ outbox, deviceIds: ['door'] });
    const other = inside.subscribe({ deviceIds: ['nobody'] });
    await inside.events(5);
    await inside.event({ deviceId: toDeviceId('door') });
    expect(all.received).toEqual([]);
    await published();
    expect(all.received).toHaveLength(6);
    expect(some.received).toHaveLength(1);
    expect(outbox.flushes).toBe(1);
    expect(other.outbox.flushes).toBe(0);
    expect(inside.delivered).toBe(7);
  });

  it('waits no longer for the turn to end when many records have come', async () => {
    using inside = new Inside();
    const subscriber = inside.subscribe();
    const appended = Array.from({ length: 300 }, () => inside.event());
    expect(subscriber.queue.all.length).toBeGreaterThan(0);
    await Promise.all(appended);
    await published();
    expect(positionsOf(subscriber.received)).toEqual(positionsOf(await Promise.all(appended)));
  });

  it('gives one who comes between a record and its publication what comes after it came', async () => {
    using inside = new Inside();
    const first = inside.subscribe();
    const { position: before } = await inside.event();
    await inside.gap();
    const second = inside.subscribe();
    const { position: after } = await inside.event();
    await published();
    expect(positionsOf(first.received)).toEqual([before, after]);
    expect(positionsOf(second.received)).toEqual([after]);
    const gapsOf = ({ received }: Subscriber) => received.at(-1)?.gapsBefore.length;
    expect([first, second].map(gapsOf)).toEqual([1, 0]);
  });

  it('lets a subscriber leave in the middle of what is for it and others', async () => {
    using inside = new Inside();
    const all = Array.from({ length: 5 }, () => inside.subscribe());
    all[1]?.queue.outbox.clear();
    if (all[1]) all[1].queue.onEvent = () => void all[3]?.return();
    await inside.events(2);
    await published();
    expect(all.map(({ received }) => received.length)).toEqual([2, 2, 2, 0, 2]);
  });

  it('ends the stream at once when the subscriber goes, and lets the pictures go', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    using inside = new Inside();
    const one = inside.subscribe({ withImages: true, pictures: LIVE_PICTURES });
    const equal = inside.subscribe({ withImages: true, pictures: LIVE_PICTURES });
    const waiting = [one.subscription.next(), one.subscription.next()];
    await one.return();
    expect(await Promise.all(waiting)).toEqual([DONE, DONE]);
    expect(await one.subscription.next()).toEqual(DONE);
    expect(inside.fanout.subscribers).toBe(1);
    vi.advanceTimersByTime(2_000);
    expect(inside.demand.of(boxId('a'))).toEqual({ live: true, registered: false });
    await equal.return();
    vi.advanceTimersByTime(2_000);
    expect(inside.demand.of(boxId('a'))).toEqual({ live: false, registered: false });
  });

  it('asks for pictures only when they are shown, and only of the boxes that are heard', async () => {
    using inside = new Inside();
    inside.subscribe({ withImages: false, pictures: LIVE_PICTURES });
    inside.subscribe({ withImages: true, pictures: [] });
    inside.subscribe({ withImages: true, pictures: LIVE_PICTURES, deviceIds: ['door'] });
    expect(inside.demand.of(boxId('a'))).toEqual({ live: true, registered: false });
    expect(inside.demand.of(boxId('b'))).toEqual({ live: false, registered: false });
  });

  it('ends everything when it is disposed of', async () => {
    using inside = new Inside();
    const subscribers = [inside.subscribe(), inside.subscribe()];
    const waiting = subscribers.map(({ subscription }) => subscription.next());
    await inside.event();
    inside.fanout[Symbol.dispose]();
    expect(await Promise.all(waiting)).toEqual([DONE, DONE]);
    expect(inside.fanout.subscribers).toBe(0);
    await inside.event();
    await published();
    expect(subscribers.map(({ received }) => received)).toEqual([[], []]);
  });
});
