import { toDeviceId } from '@se5/core';
import { describe, expect, it } from 'vitest';
import type { Position } from '../../src/journal/journal.ts';
import { HELD, holdAnswer } from '../support/held-answer.ts';
import { Inside, published } from '../support/inside.ts';
import { cursorOf, positionsOf } from '../support/journals.ts';
import { boxId } from '../support/recognitions.ts';

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
    const letGo = holdAnswer(inside);
    const waiting = inside.subscribe({ selection: HELD });
    const quick = inside.subscribe();
    const start = inside.journal.newest;
    const records = await inside.events(3);
    await published();
    expect([waiting.position, quick.position]).toEqual([start, start]);
    letGo();
    expect(positionsOf(await waiting.take(3))).toEqual(positionsOf(records));
    expect(positionsOf(await quick.take(3))).toEqual(positionsOf(records));
    await published();
    expect([waiting.position, quick.position]).toEqual([
      inside.journal.newest,
      inside.journal.newest,
    ]);
  });

  it('is that of an event that it has, while somebody else waits for the same event', async () => {
    using inside = new Inside();
    const letGo = holdAnswer(inside);
    const quick = inside.subscribe();
    const waiting = inside.subscribe({ selection: HELD });
    const record = await inside.event();
    expect(positionsOf(await quick.take(1))).toEqual([record.position]);
    expect(quick.position).toBe(record.position);
    letGo();
    expect(positionsOf(await waiting.take(1))).toEqual([record.position]);
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

    const after = cursorOf(inside.journal, before);
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
});
