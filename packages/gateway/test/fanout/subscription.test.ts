import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { toDeviceId } from '@se5/core';
import { describe, expect, it } from 'vitest';
import type { RecognitionSubscription } from '../../src/fanout/subscription.ts';
import type { JournalRecord } from '../../src/journal/journal.ts';
import { Inside, LIVE_PICTURES, positionsOf, take } from '../support/inside.ts';
import { boxId } from '../support/recognitions.ts';

describe('a slow subscriber', () => {
  it('costs nobody anything, and gets all that the journal keeps', async () => {
    using inside = new Inside();
    const slow = inside.subscribe();
    const fast = inside.subscribe();
    const records: JournalRecord[] = [];
    for (let i = 0; i < 500; i += 1) {
      const next = fast.next();
      const record = await inside.event();
      records.push(record);
      expect((await next).value?.position).toBe(record.position);
    }
    expect(positionsOf(await take(slow, 500))).toEqual(positionsOf(records));
  });

  it('is told what retention took, once, and goes on with what is kept', async () => {
    using inside = new Inside(100);
    const subscription = inside.subscribe();
    const records = await inside.events(130);
    const [first, second] = await take(subscription, 2);
    expect(first?.gapsBefore).toMatchObject([{ reason: 'RETENTION', count: 30 }]);
    expect(first?.position).toBe(records[30]?.position);
    expect(second?.gapsBefore).toEqual([]);
  });

  it('is told again when it is lapped again', async () => {
    using inside = new Inside(200);
    const subscription = inside.subscribe();
    await inside.events(210);
    const [first] = await take(subscription, 1);
    expect(first?.gapsBefore).toMatchObject([{ reason: 'RETENTION', count: 10 }]);
    // What it has read ahead is a page of 100; the next one is gone by now.
    await inside.events(390);
    const deliveries = await take(subscription, 100);
    const told = deliveries.flatMap(({ gapsBefore }) => gapsBefore);
    expect(told).toMatchObject([{ reason: 'RETENTION', count: 290 }]);
  });

  it('gets its events as replayed and without base64 while it is far behind', async () => {
    using inside = new Inside();
    const withImages = inside.subscribe({ withImages: true, pictures: LIVE_PICTURES });
    const without = inside.subscribe();
    await inside.events(1_002);
    const [farBehind, level] = await take(withImages, 2);
    expect(farBehind).toMatchObject({ replayed: true, imagesOmitted: true, withImages: true });
    expect(level).toMatchObject({ replayed: false, imagesOmitted: false });
    const [plain] = await take(without, 1);
    expect(plain).toMatchObject({ replayed: true, imagesOmitted: false });
  });
});

describe('the position of a subscription', () => {
  it('follows what was not for it, and what it was handed once it asks for more', async () => {
    using inside = new Inside();
    const subscription = inside.subscribe({ deviceIds: ['gate'] });
    expect(subscription.position).toBe(inside.journal.newest);
    const first = subscription.next();
    const other = await inside.event({ deviceId: toDeviceId('door') });
    expect(subscription.position).toBe(other.position);
    const own = await inside.event();
    await first;
    expect(subscription.position).toBe(other.position);
    const second = subscription.next();
    expect(subscription.position).toBe(own.position);
    await subscription.return?.();
    await second;
  });

  it('waits for a reader that asks ahead to have had everything', async () => {
    using inside = new Inside();
    const subscription = inside.subscribe();
    const start = subscription.position;
    const waiting = [subscription.next(), subscription.next(), subscription.next()];
    await inside.events(2);
    await waiting[0];
    // The reader is done with the first event; the second lies before it.
    waiting.push(subscription.next());
    expect(subscription.position).toBe(start);
    await inside.events(2);
    await Promise.all(waiting);
    void subscription.next();
    expect(subscription.position).toBe(inside.journal.newest);
  });

  it('does not pass a gap that was not told, so that who resumes there hears of it', async () => {
    using inside = new Inside();
    const subscription = inside.subscribe({ deviceIds: ['b/gate', 'door'] });
    const waiting = subscription.next();
    const before = await inside.event();
    await inside.gap({ boxId: boxId('a') });
    await inside.events(3);
    expect(subscription.position).toBe(before.position);
    await subscription.return?.();
    await waiting;

    const after = inside.journal.cursorAt(before.position);
    const resumed = inside.subscribe({ deviceIds: ['b/gate', 'door'], after });
    const next = take(resumed, 1);
    const { position } = await inside.event({ boxId: boxId('b') });
    expect((await next)[0]?.gapsBefore).toHaveLength(1);
    void resumed.next();
    expect(resumed.position).toBe(position);
  });

  it('promises nothing to one who came with a cursor of another life until that is told', async () => {
    using earlier = new Inside();
    using inside = new Inside();
    const after = earlier.journal.cursorAt(earlier.journal.newest);
    const subscription = inside.subscribe({ after, deviceIds: ['door'] });
    const first = subscription.next();
    await inside.event();
    expect(subscription.position).toBeUndefined();
    const { position } = await inside.event({ deviceId: toDeviceId('door') });
    await first;
    expect(subscription.position).toBeUndefined();
    void subscription.next();
    expect(subscription.position).toBe(position);
  });
});

describe('a thousand subscribers that come and go', () => {
  it('leave nothing behind', async () => {
    using inside = new Inside();
    const comeAndGo = async (): Promise<WeakRef<RecognitionSubscription>> => {
      const subscription = inside.subscribe({ withImages: true, pictures: LIVE_PICTURES });
      const waiting = subscription.next();
      await inside.event();
      await waiting;
      const last = subscription.next();
      await subscription.return?.();
      await last;
      return new WeakRef(subscription);
    };
    const gone = await Promise.all(Array.from({ length: 1_000 }, comeAndGo));
    expect(inside.feed.subscribers).toBe(0);
    // Only the two seconds for which pictures are still wanted hold anything.
    inside.demand[Symbol.dispose]();
    await new Promise(setImmediate);
    setFlagsFromString('--expose_gc');
    runInNewContext('gc')();
    expect(gone.filter((each) => each.deref() !== undefined)).toEqual([]);
  });
});
