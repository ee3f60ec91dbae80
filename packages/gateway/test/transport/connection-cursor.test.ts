import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../src/journal/journal.ts';
import { createMemoryJournal } from '../../src/journal/memory-journal.ts';
import { ConnectionCursor } from '../../src/transport/connection-cursor.ts';
import { Inside, published } from '../support/inside.ts';
import { ScriptedOutbox } from '../support/subscriber.ts';

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
  });

  it('does not count an event before it has been put into the outbox', async () => {
    using given = setUp();
    const { inside, cursor, at } = given;
    const before = await inside.event();
    const subscriber = inside.subscribe({ roster: cursor });
    const event = await inside.event();
    expect(cursor.current).toBe(at(before));
    await subscriber.next();
    await published();
    expect(cursor.current).toBe(at(event));
  });

  it('moves on with events that are not for the subscription', async () => {
    using given = setUp();
    const { inside, cursor, at } = given;
    inside.subscribe({ deviceIds: [], roster: cursor });
    const passedBy = await inside.event();
    await published();
    expect(cursor.current).toBe(at(passedBy));
  });

  it('is that of the subscription which is furthest behind', async () => {
    using given = setUp();
    const { inside, cursor, at } = given;
    const start = await inside.event();
    const outbox = new ScriptedOutbox();
    const after = inside.journal.cursorAt(inside.journal.newest);
    const event = await inside.event();
    outbox.level = 'hard';
    inside.subscribe({ roster: cursor });
    const behind = inside.subscribe({ roster: cursor, after, outbox });
    await published();
    expect(cursor.current).toBe(at(start));
    await behind.return();
    expect(cursor.current).toBe(at(event));
  });

  it('promises nothing while a subscription has not been told what it misses', async () => {
    using given = setUp();
    const { inside, cursor } = given;
    await using other = createMemoryJournal();
    const after = other.cursorAt(other.newest);
    const subscriber = inside.subscribe({ roster: cursor, after });
    expect(cursor.current).toBeUndefined();
    await inside.event();
    await subscriber.next();
    await published();
    expect(cursor.current).toBeDefined();
  });

  it('forgets subscriptions that have ended, whoever ended them', async () => {
    using given = setUp();
    const { inside, cursor, at } = given;
    const left = inside.subscribe({ roster: cursor });
    inside.subscribe({ roster: cursor });
    await left.return();
    inside.fanout[Symbol.dispose]();
    const event = await inside.event();
    expect(cursor.current).toBe(at(event));
  });
});
