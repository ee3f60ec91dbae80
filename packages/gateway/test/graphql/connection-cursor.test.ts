import { describe, expect, it } from 'vitest';
import { OPEN_VIEWER } from '../../src/access/roles.ts';
import type { Subscription } from '../../src/fanout/subscription.ts';
import type { JournalRecord } from '../../src/journal/journal.ts';
import { createMemoryJournal } from '../../src/journal/memory-journal.ts';
import { ServedGraphQL } from '../support/graphql.ts';
import { Results } from '../support/results.ts';
import { until } from '../support/until.ts';

describe('the cursor of a connection', () => {
  const setUp = async () => {
    const served = await ServedGraphQL.start();
    const { inside, graphql } = served;
    const connection = graphql.connect(OPEN_VIEWER);
    return {
      inside,
      cursor: connection.cursor,
      at: ({ position }: JournalRecord) => inside.journal.cursorAt(position),
      subscribe: async (args = '') => {
        const query = `subscription { recognitionEvents${args} { id } }`;
        const results = new Results();
        const ready = graphql.pipeline.prepare({ query }, connection, results);
        if ('errors' in ready) throw new Error(JSON.stringify(ready.errors));
        const stream = await graphql.pipeline.subscribe(ready);
        if (!(Symbol.asyncIterator in stream)) throw new Error(JSON.stringify(stream.errors));
        return results.until(stream);
      },
      [Symbol.asyncDispose]: () => served[Symbol.asyncDispose](),
    };
  };

  it('is the newest there is as long as nothing is subscribed to', async () => {
    await using given = await setUp();
    const { inside, cursor, at } = given;
    expect(cursor.current).toBe(inside.cursor);
    const event = await inside.event();
    expect(cursor.current).toBe(at(event));
  });

  it('does not count an event before it is in the outbox', async () => {
    await using given = await setUp();
    const { inside, cursor, at, subscribe } = given;
    const before = await inside.event();
    const results = await subscribe();
    const event = await inside.event();
    expect(cursor.current).toBe(at(before));
    await results.next();
    await until(() => cursor.current === at(event));
  });

  it('moves on with events that are not for the subscription', async () => {
    await using given = await setUp();
    const { inside, cursor, at, subscribe } = given;
    await subscribe('(deviceIds: [])');
    const passedBy = await inside.event();
    await until(() => cursor.current === at(passedBy));
  });

  it('is that of the subscription which is furthest behind', async () => {
    await using given = await setUp();
    const { inside, cursor, at } = given;
    const [first, second] = [await inside.event(), await inside.event()];
    const standingAt = ({ position }: JournalRecord) => ({ position }) as Subscription;
    cursor.add(standingAt(second));
    const behind = standingAt(first);
    cursor.add(behind);
    expect(cursor.current).toBe(at(first));
    cursor.delete(behind);
    expect(cursor.current).toBe(at(second));
  });

  it('promises nothing while a subscription has not been told what it misses', async () => {
    await using given = await setUp();
    const { inside, cursor, at, subscribe } = given;
    await using other = createMemoryJournal();
    const after = other.cursorAt(other.newest);
    const results = await subscribe(`(after: "${after}")`);
    expect(cursor.current).toBeUndefined();
    const event = await inside.event();
    await results.next();
    await until(() => cursor.current === at(event));
  });

  it('forgets a subscription that has ended by itself', async () => {
    await using given = await setUp();
    const { inside, cursor, at, subscribe } = given;
    const results = await subscribe();
    inside.fanout[Symbol.dispose]();
    expect(await results.next()).toEqual({ done: true, value: undefined });
    const event = await inside.event();
    expect(cursor.current).toBe(at(event));
  });
});
