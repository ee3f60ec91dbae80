import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { UNLIMITED } from '../../src/access/roles.ts';
import { type FailureOutcome, Fanout, type FanoutServices } from '../../src/fanout/fanout.ts';
import type { ResponseExecutor } from '../../src/fanout/shape.ts';
import { directoryWith } from '../support/directory.ts';
import { Inside, published } from '../support/inside.ts';
import { positionsOf } from '../support/journals.ts';
import {
  executorOf,
  NO_PICTURES,
  PayloadQueue,
  ScriptedOutbox,
  Subscriber,
  type SubscriberRequest,
  textOf,
} from '../support/subscriber.ts';

/** A fan-out beside the one inside, and the failures that it told of. */
class Watched implements Disposable {
  readonly inside = new Inside();
  readonly fanout: Fanout;
  readonly failures: [message: string, outcome: FailureOutcome][] = [];

  constructor(own: Partial<FanoutServices> = {}) {
    const { journal, directory, demand } = this.inside;
    this.fanout = new Fanout({
      journal,
      directory,
      demand,
      failed: (error, outcome) => {
        this.failures.push([String(error), outcome]);
        return new Error('said to the subscriber');
      },
      ...own,
    });
  }

  subscribe(request: SubscriberRequest = {}): Subscriber {
    return new Subscriber(this.fanout, this.inside, request);
  }

  /** One whose answers are made as the test says. */
  answeredBy(own: Partial<ResponseExecutor>, queue = new PayloadQueue()) {
    const document = 'subscription { recognitionEvents { id } }';
    const subscription = this.fanout.attach({
      withImages: false,
      pictures: NO_PICTURES,
      permissionClass: UNLIMITED,
      executor: { ...executorOf(this.inside, document), ...own },
      sink: queue,
      connectionSubscriptions: { add: () => {}, delete: () => {} },
    });
    return { subscription, queue };
  }

  [Symbol.dispose](): void {
    this.fanout[Symbol.dispose]();
    this.inside[Symbol.dispose]();
  }
}

const thrower = (message: string) => (): never => {
  throw new Error(message);
};

describe('a failure while a record is handed out', () => {
  it('of what an answer is made with is told in the answer, and the next record goes on', async () => {
    using watched = new Watched();
    let isBroken = true;
    const { contextFor } = executorOf(watched.inside, 'subscription { recognitionEvents { id } }');
    const { queue } = watched.answeredBy({
      contextFor: (pictureText) => {
        if (isBroken) throw new Error('no context');
        return contextFor(pictureText);
      },
    });
    const other = watched.subscribe();
    const records = [await watched.inside.event()];
    await published();
    isBroken = false;
    records.push(await watched.inside.event());
    await published();
    expect(queue.all.map(textOf)).toEqual([
      '{"errors":[{"message":"Error: no context"}]}',
      expect.stringContaining('"data"'),
    ]);
    expect(positionsOf(other.received)).toEqual(positionsOf(records));
    expect(watched.failures).toEqual([]);
  });

  it('that an answer can’t tell ends its subscriptions with an error, and no others', async () => {
    using watched = new Watched();
    const broken = { contextFor: thrower('no context'), publicError: thrower('no log') };
    const { subscription, queue } = watched.answeredBy(broken);
    const other = watched.subscribe();
    const ending = subscription.next();
    const records = [await watched.inside.event(), await watched.inside.event()];
    await expect(ending).rejects.toThrow('said to the subscriber');
    await published();
    expect(queue.all).toEqual([]);
    expect(positionsOf(other.received)).toEqual(positionsOf(records));
    expect(watched.failures).toEqual([
      ['Error: no log', 'retried'],
      ['Error: no log', 'ended'],
    ]);
    expect(watched.fanout.subscribers).toBe(1);
    // Whoever resumes from here gets the record that failed.
    expect(subscription.position).toBe(Number(records[0]?.position) - 1);
  });

  it('that does not happen again costs the subscription nothing', async () => {
    using watched = new Watched();
    let times = 0;
    const { queue } = watched.answeredBy({
      contextFor: thrower('no context'),
      publicError: (error) => {
        times += 1;
        if (times === 1) throw new Error('no log');
        return new GraphQLError(String(error)).toJSON();
      },
    });
    const records = [await watched.inside.event(), await watched.inside.event()];
    await queue.next();
    await queue.next();
    await published();
    expect(positionsOf(queue.all)).toEqual(positionsOf(records));
    expect(watched.failures).toEqual([['Error: no log', 'retried']]);
  });

  it('of one connection ends its subscription, and nobody else’s', async () => {
    using watched = new Watched();
    const broken = watched.subscribe();
    const other = watched.subscribe();
    broken.queue.onEvent = thrower('no sink');
    const ending = broken.subscription.next();
    const records = [await watched.inside.event(), await watched.inside.event()];
    await expect(ending).rejects.toThrow('said to the subscriber');
    await published();
    expect(positionsOf(other.received)).toEqual(positionsOf(records));
    expect(watched.failures).toEqual([['Error: no sink', 'ended']]);
    expect(watched.fanout.subscribers).toBe(1);
  });

  it('of one connection that is flushed ends its subscriptions, and nobody else’s', async () => {
    using watched = new Watched();
    const outbox = new ScriptedOutbox();
    const broken = watched.subscribe({ outbox });
    const other = watched.subscribe({ deviceIds: ['gate'] });
    outbox.flush = thrower('no stream');
    const ending = broken.subscription.next();
    await watched.inside.events(2);
    await expect(ending).rejects.toThrow('said to the subscriber');
    await watched.inside.event();
    await published();
    expect(other.received).toHaveLength(3);
    expect(other.outbox.flushes).toBeGreaterThan(0);
    expect(watched.failures).toEqual([['Error: no stream', 'ended']]);
  });

  it('to find whom a gap is for makes subscriptions read it, and tells it once', async () => {
    using inside = new Inside();
    let failing = 1;
    using watched = new Watched({
      journal: inside.journal,
      directory: directoryWith(inside.directory, {
        knownDevices: (id) => {
          failing -= 1;
          if (failing >= 0) throw new Error('no devices');
          return inside.directory.knownDevices(id);
        },
      }),
    });
    const subscriber = watched.subscribe();
    await inside.gap({ from: 1 });
    await published();
    const { position } = await inside.event();
    expect(await subscriber.next()).toMatchObject({ position, gapsBefore: [{ from: 1 }] });
    await inside.event();
    expect(await subscriber.next()).toMatchObject({ gapsBefore: [] });
    expect(watched.failures).toEqual([['Error: no devices', 'retried']]);
  });

  it('goes on when whoever is told of it throws too', async () => {
    using watched = new Watched({ failed: thrower('no log') });
    const subscriber = watched.subscribe();
    const broken = watched.subscribe();
    broken.queue.onEvent = thrower('no sink');
    const ending = broken.subscription.next();
    const records = [await watched.inside.event()];
    await expect(ending).rejects.toThrow('no sink');
    records.push(await watched.inside.event());
    await published();
    expect(positionsOf(subscriber.received)).toEqual(positionsOf(records));
  });
});

it('goes on with the next record after whoever counts deliveries has thrown', async () => {
  const counts: number[] = [];
  using watched = new Watched({
    delivered: (count) => {
      counts.push(count);
      if (counts.length === 1) throw new Error('a count that fails');
    },
  });
  const subscriber = watched.subscribe();
  const records = [await watched.inside.event()];
  await published();
  records.push(await watched.inside.event());
  expect(positionsOf(await subscriber.take(2))).toEqual(positionsOf(records));
  expect(watched.failures).toEqual([['Error: a count that fails', 'retried']]);
});
