import { expect, it } from 'vitest';
import { UNLIMITED } from '../../src/access/roles.ts';
import { AlarmFeed } from '../../src/fanout/alarm-feed.ts';
import type { Progress } from '../../src/fanout/subscription.ts';
import type { AlarmQuery } from '../../src/journal/alarm/alarm-query.ts';
import { createMemoryJournal } from '../../src/journal/memory-journal.ts';
import { watchedEntry } from '../support/alarms.ts';
import { entry } from '../support/journals.ts';

/** A feed over a journal in memory, and the pages that it read. */
function setUp() {
  const journal = createMemoryJournal();
  const read: AlarmQuery[] = [];
  const feed = new AlarmFeed(
    {
      get newest() {
        return journal.newest;
      },
      alarms: (query) => {
        read.push(query);
        return journal.alarms(query);
      },
      resume: (cursor) => journal.resume(cursor),
      onAppend: (listener) => journal.onAppend(listener),
    },
    () => 0,
  );
  const connectionSubscriptions = new Set<Progress>();
  const follow = () => {
    const request = { filter: {}, permissionClass: UNLIMITED };
    return feed.follow({
      ...request,
      connectionSubscriptions: {
        add: (each) => void connectionSubscriptions.add(each),
        delete: (each) => void connectionSubscriptions.delete(each),
      },
    });
  };
  return { journal, feed, read, follow, connectionSubscriptions };
}

it('reads a page for many who are as far', async () => {
  const { journal, follow, read } = setUp();
  const streams = Array.from({ length: 50 }, follow);
  const told = Promise.all(streams.map((stream) => stream.next()));
  await journal.append(watchedEntry());
  expect((await told).map(({ value }) => value?.alarm.eventCount)).toEqual(Array(50).fill(1));
  // Two reads of each would be 100.
  expect(read.length).toBeLessThan(10);
  await Promise.all(streams.map((stream) => stream.return()));
});

it('has not passed an alarm before its reader asks for the next', async () => {
  const { journal, follow } = setUp();
  const stream = follow();
  const begun = journal.newest;
  const { position } = await journal.append(watchedEntry());
  expect(stream.position).toBe(begun);
  await stream.next();
  expect(stream.position).toBe(begun);
  const waiting = stream.next();
  await journal.append(entry());
  // What is no alarm needs no reading.
  await expect.poll(() => stream.position).toBe(position + 1);
  await stream.return();
  await waiting;
});

it('is among what its connection follows until it ends', async () => {
  const { feed, follow, connectionSubscriptions } = setUp();
  const [one, other] = [follow(), follow()];
  expect(connectionSubscriptions).toEqual(new Set([one, other]));
  await one.return();
  expect(connectionSubscriptions).toEqual(new Set([other]));
  const waiting = other.next();
  feed[Symbol.dispose]();
  expect((await waiting).done).toBe(true);
  expect(connectionSubscriptions.size).toBe(0);
});
