import { describe, expect, it, vi } from 'vitest';
import { HELD, holdAnswer } from '../support/held-answer.ts';
import { Inside, published } from '../support/inside.ts';
import { cursorOf, positionsOf } from '../support/journals.ts';
import { LIVE_PICTURES, ScriptedOutbox } from '../support/subscriber.ts';

it('members read on from the journal when more records come than may wait for an answer', async () => {
  using inside = new Inside();
  const letGo = holdAnswer(inside);
  const waiting = inside.subscribe({ selection: `replayed ${HELD}` });
  const quick = inside.subscribe({ selection: 'replayed' });
  const records = await inside.events(5_000);
  await published();
  letGo();
  for (const subscriber of [waiting, quick]) {
    const received = await subscriber.take(5_000);
    expect(positionsOf(received)).toEqual(positionsOf(records));
    // What waited in memory came live, and what did not fit was read back.
    expect(received[1_000]).toMatchObject({ replayed: false });
    expect(received[1_500]).toMatchObject({ replayed: true });
  }
  const live = await inside.event();
  for (const subscriber of [waiting, quick]) {
    const next = await subscriber.next();
    expect(next).toMatchObject({ replayed: false, position: live.position });
  }
});

describe('one who comes with a cursor', () => {
  it('gets what came after it, and is told so, and goes on with what happens', async () => {
    using inside = new Inside();
    const [first, ...later] = await inside.events(4);
    const after = cursorOf(inside.journal, first);
    const subscriber = inside.subscribe({ after });
    const live = await inside.event();
    const received = await subscriber.take(4);
    expect(positionsOf(received)).toEqual(positionsOf([...later, live]));
    expect(received.map(({ replayed }) => replayed)).toEqual([true, true, true, false]);
    expect(received.some(({ imagesOmitted }) => imagesOmitted)).toBe(false);
  });

  it('shares what is read and executed for it with others who replay the same', async () => {
    using inside = new Inside();
    const after = inside.cursor;
    const records = await inside.events(250);
    const read = vi.spyOn(inside.journal, 'read');
    const subscribers = Array.from({ length: 10 }, () => inside.subscribe({ after }));
    for (const each of subscribers) {
      expect(positionsOf(await each.take(250))).toEqual(positionsOf(records));
    }
    expect(inside.fanout.executions).toBe(250);
    expect(read.mock.calls.length).toBeLessThan(10);
  });

  it('gets no more at once than its outbox takes, and others do not wait for it', async () => {
    using inside = new Inside();
    const after = inside.cursor;
    const records = await inside.events(250);
    const slow = inside.subscribe({ after });
    const fast = inside.subscribe({ after });
    slow.readsOneByOne();
    await fast.take(250);
    expect(slow.received).toHaveLength(1);
    for (let count = 2; count <= 250; count += 1) {
      slow.outbox.clear();
      await slow.take(count === 2 ? 2 : 1);
      expect(slow.received).toHaveLength(count);
    }
    expect(positionsOf(slow.received)).toEqual(positionsOf(records));
  });

  it('lets the event loop turn while it has much to read', async () => {
    using inside = new Inside();
    const after = inside.cursor;
    await inside.events(5_000);
    const subscriber = inside.subscribe({ after });
    let turns = 0;
    while (subscriber.queue.all.length < 5_000) {
      await published();
      turns += 1;
    }
    // How many depends on how fast the machine is: without a pause, all is read in the first.
    expect(turns).toBeGreaterThan(1);
  });

  it('gets its events as replayed and without base64 while it is far behind', async () => {
    using inside = new Inside();
    const after = inside.cursor;
    const pictures = inside.put('face', 'AAAA');
    for (let made = 0; made < 1_003; made += 1) await inside.event({ pictures });
    const withImages = inside.subscribe({ after, withImages: true, pictures: LIVE_PICTURES });
    const without = inside.subscribe({ after });
    const received = await withImages.take(4);
    const omitted = { replayed: true, imagesOmitted: true, faceImage: { base64: null } };
    expect(received.slice(0, 2)).toMatchObject([omitted, omitted]);
    expect(received[3]).toMatchObject({
      replayed: true,
      imagesOmitted: false,
      faceImage: { base64: 'AAAA' },
    });
    expect(await without.next()).toMatchObject({ replayed: true, imagesOmitted: false });
  });

  it('fails with the journal’s error, and is over then, while others go on', async () => {
    using inside = new Inside();
    const after = inside.cursor;
    await inside.event();
    const broken = new Error('the disk is gone');
    vi.spyOn(inside.journal, 'read').mockRejectedValueOnce(broken);
    const [unlucky, lucky] = [inside.subscribe({ after }), inside.subscribe({ after })];
    await expect(unlucky.subscription.next()).rejects.toBe(broken);
    expect(await unlucky.subscription.next()).toEqual({ done: true, value: undefined });
    await lucky.next();
    expect(inside.fanout.subscribers).toBe(1);
    expect(unlucky.outbox.listeners).toBe(0);
  });

  it('leaves nothing unwritten when it goes in the middle of a page', async () => {
    using inside = new Inside();
    const after = inside.cursor;
    const outbox = new ScriptedOutbox();
    await inside.events(2);
    const letGo = holdAnswer(inside, { after: 1 });
    const goes = inside.subscribe({ after, outbox, selection: HELD });
    await goes.next();
    await goes.return();
    letGo();
    await published();
    expect(goes.received).toHaveLength(1);
    expect(outbox.isUnflushed).toBe(false);
  });

  it('fails with the journal’s error also when it asks only after that came', async () => {
    using inside = new Inside();
    const after = inside.cursor;
    await inside.event();
    const broken = new Error('the disk is gone');
    vi.spyOn(inside.journal, 'read').mockRejectedValueOnce(broken);
    const { subscription } = inside.subscribe({ after });
    await published();
    await expect(subscription.next()).rejects.toBe(broken);
  });
});
