import { toDeviceId } from '@se5/core';
import { describe, expect, it, vi } from 'vitest';
import type { JournalRecord, Position } from '../../src/journal/journal.ts';
import { Inside, published } from '../support/inside.ts';
import { positionsOf } from '../support/journals.ts';
import { boxId } from '../support/recognitions.ts';
import { LIVE_PICTURES, ScriptedOutbox, textOf } from '../support/subscriber.ts';

describe('one who comes with a cursor', () => {
  it('gets what came after it, and is told so, and goes on with what happens', async () => {
    using inside = new Inside();
    const [first, ...later] = await inside.events(4);
    const after = inside.journal.cursorAt(first?.position as Position);
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
    slow.queue.onEvent = () => {
      slow.outbox.level = 'soft';
    };
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
    expect(turns).toBeGreaterThan(5);
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

  it('fails with what the journal fails with, and is over then', async () => {
    using inside = new Inside();
    const after = inside.cursor;
    await inside.event();
    const broken = new Error('the disk is gone');
    const read = vi.spyOn(inside.journal, 'read').mockRejectedValueOnce(broken);
    const [unlucky, lucky] = [inside.subscribe({ after }), inside.subscribe({ after })];
    await expect(unlucky.member.next()).rejects.toBe(broken);
    expect(await unlucky.member.next()).toEqual({ done: true, value: undefined });
    await lucky.next();
    expect(inside.fanout.subscribers).toBe(1);
    expect(unlucky.outbox.listeners).toBe(0);
    read.mockRestore();
  });

  it('leaves nothing unwritten when it goes in the middle of a page', async () => {
    using inside = new Inside();
    const after = inside.cursor;
    const outbox = new ScriptedOutbox();
    await inside.events(2);
    const lastEventAt = vi.spyOn(inside.directory, 'lastEventAt').mockReturnValueOnce(undefined);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    // Asked by the plan, and then by graphql-js.
    lastEventAt.mockReturnValueOnce(promise as never).mockReturnValueOnce(promise as never);
    const goes = inside.subscribe({ after, outbox, selection: 'device { lastEventAt }' });
    await goes.next();
    await goes.return();
    resolve(undefined);
    await published();
    expect(goes.received).toHaveLength(1);
    expect(outbox.isUnflushed).toBe(false);
  });

  it('fails with that too when it listens only later', async () => {
    using inside = new Inside();
    const after = inside.cursor;
    await inside.event();
    const broken = new Error('the disk is gone');
    vi.spyOn(inside.journal, 'read').mockRejectedValueOnce(broken);
    const { member } = inside.subscribe({ after });
    await published();
    await expect(member.next()).rejects.toBe(broken);
  });
});

describe('what is kept for those who catch up', () => {
  const erase = async (inside: Inside, identityId: string) => {
    const observer = { going: async () => {}, progress() {} };
    await inside.journal.erase({ kind: 'identity', identityId }, observer);
    inside.fanout.forget();
  };

  /** The next page is read at once, and handed over when it is let go. */
  const holdRead = ({ journal }: Inside) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const original = journal.read.bind(journal);
    const read = vi.spyOn(journal, 'read').mockImplementationOnce(async (after, limit) => {
      const page = await original(after, limit);
      await promise;
      return page;
    });
    return { read, letGo: resolve };
  };

  it('has nothing that was erased after it was read', async () => {
    using inside = new Inside();
    const after = inside.cursor;
    await inside.event({ identityId: 'gone' });
    const stays = await inside.event({ identityId: 'stays' });
    const slow = inside.subscribe({ after });
    slow.queue.onEvent = () => {
      slow.outbox.level = 'soft';
    };
    await slow.take(1);
    await erase(inside, 'gone');
    const next = inside.subscribe({ after });
    expect(positionsOf(await next.take(1))).toEqual(positionsOf([stays]));
  });

  it('has nothing that was erased while it was read', async () => {
    using inside = new Inside();
    const after = inside.cursor;
    await inside.event({ identityId: 'gone' });
    const stays = await inside.event({ identityId: 'stays' });
    const { letGo } = holdRead(inside);
    const subscriber = inside.subscribe({ after });
    await erase(inside, 'gone');
    letGo();
    expect(positionsOf(await subscriber.take(1))).toEqual(positionsOf([stays]));
  });

  it('has no answer that was being made when all was forgotten', async () => {
    using inside = new Inside();
    const after = inside.cursor;
    await inside.events(2);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    // Asked by the plan, and then by graphql-js.
    const lastEventAt = vi.spyOn(inside.directory, 'lastEventAt');
    lastEventAt.mockReturnValueOnce(promise as never).mockReturnValueOnce(promise as never);
    const selection = 'device { lastEventAt }';
    const slow = inside.subscribe({ after, selection });
    slow.queue.onEvent = () => {
      slow.outbox.level = 'soft';
    };
    await published();
    inside.fanout.forget();
    resolve(undefined);
    await slow.take(1);
    await inside.subscribe({ after, selection }).take(2);
    expect(inside.fanout.executions).toBe(3);
  });

  it('is no page that comes when nobody waits for it any more', async () => {
    using inside = new Inside();
    const after = inside.cursor;
    const records = await inside.events(2);
    const { read, letGo } = holdRead(inside);
    const leaves = inside.subscribe({ after });
    await leaves.return();
    letGo();
    await published();
    const next = inside.subscribe({ after });
    expect(positionsOf(await next.take(2))).toEqual(positionsOf(records));
    expect(read).toHaveBeenCalledTimes(2);
  });
});

describe('a slow subscriber', () => {
  const levels = ['clear', 'soft', 'hard', 'soft', 'clear'] as const;

  it('gets events without base64 above the soft budget, and is told so', async () => {
    using inside = new Inside();
    const slow = inside.subscribe({ withImages: true, pictures: LIVE_PICTURES });
    const fast = inside.subscribe({ withImages: true, pictures: LIVE_PICTURES });
    const without = inside.subscribe();
    slow.outbox.level = 'soft';
    without.outbox.level = 'soft';
    await inside.event({ pictures: inside.put('face', 'AAAA') });
    await published();
    expect(slow.received).toMatchObject([
      { replayed: false, imagesOmitted: true, faceImage: { base64: null } },
    ]);
    expect(fast.received).toMatchObject([{ imagesOmitted: false, faceImage: { base64: 'AAAA' } }]);
    expect(without.received).toMatchObject([{ imagesOmitted: false }]);
  });

  it('gets nothing live above the hard budget, and all of it once its outbox is clear', async () => {
    using inside = new Inside();
    const slow = inside.subscribe({ withImages: true, pictures: LIVE_PICTURES });
    const records: JournalRecord[] = [];
    for (const level of levels) {
      slow.outbox.level = level;
      records.push(await inside.event());
      await published();
    }
    expect(positionsOf(slow.received)).toEqual(positionsOf(records.slice(0, 2)));
    slow.outbox.clear();
    await slow.take(5);
    const seen = slow.received.map(({ replayed, imagesOmitted }) => [replayed, imagesOmitted]);
    expect(positionsOf(slow.received)).toEqual(positionsOf(records));
    expect(seen).toEqual([
      [false, false],
      [false, true],
      [true, true],
      [true, true],
      [true, true],
    ]);
    await published();
    records.push(await inside.event());
    expect((await slow.next()).replayed).toBe(false);
    expect(slow.outbox.listeners).toBe(0);
  });

  it('holds up nobody on other connections', async () => {
    using inside = new Inside();
    const stuck = inside.subscribe();
    stuck.outbox.level = 'hard';
    const fast = inside.subscribe();
    await inside.events(500);
    expect(await fast.take(500)).toHaveLength(500);
    expect(stuck.received).toEqual([]);
  });

  it('costs no look at an event once it has stopped being live', async () => {
    using inside = new Inside();
    const stuck = inside.subscribe();
    stuck.outbox.level = 'hard';
    await inside.event();
    await published();
    const executed = inside.fanout.executions;
    await inside.events(100);
    await published();
    expect(inside.fanout.executions).toBe(executed);
  });

  it('is told what retention took, once, and goes on with what is kept', async () => {
    using inside = new Inside(100);
    const slow = inside.subscribe();
    slow.outbox.level = 'hard';
    const records = await inside.events(130);
    await published();
    slow.outbox.clear();
    const [first, second] = await slow.take(2);
    expect(first?.gapsBefore).toMatchObject([{ reason: 'RETENTION', count: 30 }]);
    expect(first?.position).toBe(records[30]?.position);
    expect(second?.gapsBefore).toEqual([]);
  });

  it('is told again when it is lapped again', async () => {
    using inside = new Inside(200);
    const slow = inside.subscribe();
    slow.queue.onEvent = () => {
      slow.outbox.level = 'hard';
    };
    slow.outbox.level = 'hard';
    const lost: unknown[] = [];
    for (let lap = 0; lap < 3; lap += 1) {
      await inside.events(210);
      await published();
      slow.outbox.clear();
      lost.push((await slow.next()).gapsBefore.map(({ reason, count }) => [reason, count]));
    }
    expect(lost).toEqual([[['RETENTION', 10]], [['RETENTION', 209]], [['RETENTION', 209]]]);
  });
});

describe('the position of a subscription', () => {
  it('follows what was not for it, and what was put into its outbox', async () => {
    using inside = new Inside();
    const subscriber = inside.subscribe({ deviceIds: ['gate'] });
    const start = inside.journal.newest;
    expect(subscriber.position).toBe(start);
    const other = await inside.event({ deviceId: toDeviceId('door') });
    expect(subscriber.position).toBe(start);
    await published();
    expect(subscriber.position).toBe(other.position);
    let during: Position | undefined;
    subscriber.queue.onEvent = () => {
      during = subscriber.position;
    };
    const own = await inside.event();
    await published();
    expect(during).toBe(other.position);
    expect(subscriber.position).toBe(own.position);
  });

  it('stays behind an event that is still being executed', async () => {
    using inside = new Inside();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    // Asked by the plan, and then by graphql-js.
    vi.spyOn(inside.directory, 'lastEventAt')
      .mockReturnValueOnce(promise as never)
      .mockReturnValueOnce(promise as never);
    const waiting = inside.subscribe({ selection: 'device { lastEventAt }' });
    const quick = inside.subscribe();
    const start = inside.journal.newest;
    const records = await inside.events(3);
    await published();
    expect([waiting.position, quick.position]).toEqual([start, start]);
    resolve(undefined);
    expect(positionsOf(await waiting.take(3))).toEqual(positionsOf(records));
    expect(positionsOf(await quick.take(3))).toEqual(positionsOf(records));
    await published();
    expect([waiting.position, quick.position]).toEqual([
      inside.journal.newest,
      inside.journal.newest,
    ]);
  });

  it('stays where it is above the hard budget', async () => {
    using inside = new Inside();
    const slow = inside.subscribe();
    const first = await inside.event();
    await published();
    slow.outbox.level = 'hard';
    await inside.events(3);
    await published();
    expect(slow.position).toBe(first.position);
  });

  it('does not pass a gap that was not told, so that who resumes there hears of it', async () => {
    using inside = new Inside();
    const subscriber = inside.subscribe({ deviceIds: ['b/gate', 'door'] });
    const before = await inside.event();
    await inside.gap({ boxId: boxId('a') });
    await inside.events(3);
    await published();
    expect(subscriber.position).toBe(before.position);
    await subscriber.return();

    const after = inside.journal.cursorAt(before.position);
    const resumed = inside.subscribe({ deviceIds: ['b/gate', 'door'], after });
    const { position } = await inside.event({ boxId: boxId('b') });
    expect((await resumed.next()).gapsBefore).toHaveLength(1);
    await published();
    expect(resumed.position).toBe(position);
  });

  it('promises nothing to one who came with a cursor of another life until that is told', async () => {
    using earlier = new Inside();
    using inside = new Inside();
    const after = earlier.cursor;
    const subscriber = inside.subscribe({ after, deviceIds: ['door'] });
    await inside.event();
    await published();
    expect(subscriber.position).toBeUndefined();
    const { position } = await inside.event({ deviceId: toDeviceId('door') });
    await published();
    expect(subscriber.position).toBe(position);
  });

  it('is what its connection is told by, and nothing else', async () => {
    using inside = new Inside();
    const outbox = new ScriptedOutbox();
    const subscriber = inside.subscribe({ outbox });
    const { position } = await inside.event();
    await published();
    const { recognitionEvents } = JSON.parse(textOf(await subscriber.queue.next())).data;
    expect(recognitionEvents.cursor).toBe(inside.journal.cursorAt(position));
    expect(inside.journal.cursorAt(subscriber.position as Position)).toBe(recognitionEvents.cursor);
  });
});
