import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { Payload } from '../../src/fanout/payload.ts';
import type { Recognition } from '../../src/journal/recognition.ts';
import { Inside, published } from '../support/inside.ts';
import { recognition } from '../support/recognitions.ts';
import { LIVE_PICTURES } from '../support/subscriber.ts';

setFlagsFromString('--expose_gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Collections, one a turn: compilers in the background hold what they look at for some of them. */
const MAX_COLLECTIONS = 200;

/** How many are still there when all that can be collected has been. */
async function leftOf(references: readonly WeakRef<object>[]): Promise<number> {
  let left = references.length;
  for (let made = 0; made < MAX_COLLECTIONS && left > 0; made += 1) {
    await new Promise(setImmediate);
    collectGarbage();
    left = references.filter((each) => each.deref() !== undefined).length;
  }
  return left;
}

describe('what was delivered', () => {
  it('is released: the event, and the payload that was made of it', async () => {
    // The journal keeps one record.
    using inside = new Inside(1);
    const deliver = async () => {
      const events: WeakRef<Recognition>[] = [];
      const payloads: WeakRef<Payload>[] = [];
      const after = inside.cursor;
      const subscriber = inside.subscribe({ withImages: true, pictures: LIVE_PICTURES });
      subscriber.queue.onEvent = (payload) => {
        payloads.push(new WeakRef(payload));
        subscriber.queue.all.length = 0;
      };
      for (let made = 0; made < 50; made += 1) {
        const event = recognition({ pictures: inside.put('face', 'AAAA') });
        events.push(new WeakRef(event));
        await inside.journal.append({ kind: 'event', event });
        await published();
      }
      // One who replays, too.
      const late = inside.subscribe({ after });
      late.queue.onEvent = (payload) => {
        payloads.push(new WeakRef(payload));
        late.queue.all.length = 0;
      };
      await published();
      return { events, payloads, subscriber };
    };
    const { events, payloads, subscriber } = await deliver();
    await inside.event();
    await published();
    expect(payloads.length).toBe(52 + 1);
    expect(await leftOf(events)).toBe(0);
    // The queues of the test hold none, so nobody does.
    expect(await leftOf(payloads)).toBe(0);
    expect(subscriber.subscription.hasEnded).toBe(false);
  });
});

describe('a thousand subscribers that come and go', () => {
  it('leave nothing behind', async () => {
    using inside = new Inside();
    const after = inside.cursor;
    const comeAndGo = async (_: unknown, index: number) => {
      const subscriber = inside.subscribe({
        withImages: true,
        pictures: LIVE_PICTURES,
        deviceIds: [`d${index}`, 'gate'],
        ...(index % 2 === 0 && { after }),
      });
      if (index % 5 === 0) subscriber.outbox.level = 'hard';
      const ending = subscriber.subscription.next();
      await inside.event();
      await published();
      await subscriber.return();
      await ending;
      expect(subscriber.outbox.listeners).toBe(0);
      return [new WeakRef(subscriber.subscription), new WeakRef(subscriber.subscription.group)];
    };
    const gone = await Promise.all(Array.from({ length: 1_000 }, comeAndGo));
    expect(inside.fanout.subscribers).toBe(0);
    // Only the two seconds for which pictures are still wanted hold anything.
    inside.demand[Symbol.dispose]();
    expect(await leftOf(gone.flat())).toBe(0);
  });
});
