import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../src/journal/journal.ts';
import { createMemoryJournal } from '../../src/journal/memory-journal.ts';
import { ConnectionCursor } from '../../src/transport/connection-cursor.ts';
import { Inside } from '../support/inside.ts';

describe('the cursor of a connection', () => {
  const setUp = () => {
    const inside = new Inside();
    const cursor = new ConnectionCursor(inside.journal);
    return {
      inside,
      cursor,
      at: ({ position }: JournalRecord) => inside.journal.cursorAt(position),
      [Symbol.dispose]: () => inside[Symbol.dispose](),
    };
  };

  it('is the newest there is as long as nothing is subscribed to', async () => {
    using given = setUp();
    const { inside, cursor, at } = given;
    expect(cursor.current).toBe(inside.journal.cursorAt(inside.journal.newest));
    const event = await inside.event();
    expect(cursor.current).toBe(at(event));
    expect(cursor.latest).toBeUndefined();
  });

  it('does not count an event before the next one is asked for: it may be on its way', async () => {
    using given = setUp();
    const { inside, cursor, at } = given;
    const before = await inside.event();
    const deliveries = cursor.track(inside.subscribe());
    const event = await inside.event();
    await deliveries.next();
    expect(cursor.current).toBe(at(before));
    expect(cursor.latest).toBe(at(event));
    const waiting = deliveries.next();
    expect(cursor.current).toBe(at(event));
    await deliveries.return?.();
    await waiting;
  });

  it('moves on with events that are not for the subscription', async () => {
    using given = setUp();
    const { inside, cursor, at } = given;
    const deliveries = cursor.track(inside.subscribe({ deviceIds: [] }));
    const waiting = deliveries.next();
    const passedBy = await inside.event();
    expect(cursor.current).toBe(at(passedBy));
    await deliveries.return?.();
    await waiting;
  });

  it('is that of the subscription which is furthest behind', async () => {
    using given = setUp();
    const { inside, cursor, at } = given;
    const start = await inside.event();
    const ahead = cursor.track(inside.subscribe());
    const behind = cursor.track(inside.subscribe());
    const event = await inside.event();
    await ahead.next();
    const waiting = ahead.next();
    expect(cursor.current).toBe(at(start));
    await behind.return?.();
    expect(cursor.current).toBe(at(event));
    await ahead.return?.();
    await waiting;
  });

  it('promises nothing while a subscription has not been told what it misses', async () => {
    using given = setUp();
    const { inside, cursor } = given;
    await using other = createMemoryJournal();
    const after = other.cursorAt(other.newest);
    const deliveries = cursor.track(inside.subscribe({ after }));
    expect(cursor.current).toBeUndefined();
    await inside.event();
    await deliveries.next();
    const waiting = deliveries.next();
    expect(cursor.current).toBeDefined();
    await deliveries.return?.();
    await waiting;
  });

  it('forgets a subscription that has ended by itself', async () => {
    using given = setUp();
    const { inside, cursor, at } = given;
    const deliveries = cursor.track(inside.subscribe());
    inside.feed[Symbol.dispose]();
    expect(await deliveries.next()).toEqual({ done: true, value: undefined });
    const event = await inside.event();
    expect(cursor.current).toBe(at(event));
  });
});
