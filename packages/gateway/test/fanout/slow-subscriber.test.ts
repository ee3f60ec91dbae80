import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../src/journal/journal.ts';
import { Inside, published } from '../support/inside.ts';
import { positionsOf } from '../support/journals.ts';
import { LIVE_PICTURES } from '../support/subscriber.ts';

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
    slow.readsOneByOne('hard');
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
