import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { type NatsServer, natsTestsAreSkipped, startNatsServer } from '@se5/nats-server';
import { array, assert, asyncProperty, constantFrom, record, subarray } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DenialsStream } from '../../../src/access/shared/denials-stream.ts';
import { SharedDenials } from '../../../src/access/shared/shared-denials.ts';
import { found, until } from '../../support/until.ts';

describe.skipIf(natsTestsAreSkipped())('the deny lists of a cluster', () => {
  let server: NatsServer;
  let streams = 0;
  beforeAll(async () => {
    server = await startNatsServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  /** Gateways that share their lists, apart from those of other tests. */
  async function stage() {
    streams += 1;
    const stream = `denials-${streams}`;
    const parts = new AsyncDisposableStack();
    const connection = await connect({ servers: server.url });
    parts.defer(() => connection.close());
    const manager: JetStreamManager = await jetstreamManager(connection);
    const failures: unknown[] = [];
    const start = async (gateway: string) =>
      parts.use(
        await SharedDenials.open({
          gateway,
          failed: (error) => failures.push(error),
          stream: await DenialsStream.open({
            ...{ connection, stream, replicas: 1 },
            isUp: () => true,
          }),
        }),
      );
    return {
      ...{ start, failures, manager, stream },
      [Symbol.asyncDispose]: () => parts.disposeAsync(),
    };
  }

  const told = async (denials: SharedDenials, ...entries: string[]) => {
    denials.tell(new Set(entries));
    await denials.told();
  };

  it('count on all gateways, those that start later included, until they say otherwise', async () => {
    await using gateways = await stage();
    const [a, b] = [await gateways.start('a'), await gateways.start('b')];
    let changes = 0;
    b.onChange(() => {
      changes += 1;
    });
    await told(a, 'desk', 'token-1');
    await until(() => b.entries.size === 2 && changes > 0);
    expect(a.entries.size).toBe(0);
    await a[Symbol.asyncDispose]();
    const c = await gateways.start('c');
    expect(c.entries).toEqual(new Set(['desk', 'token-1']));
    // The same gateway, whose file has another entry by now.
    await told(await gateways.start('a'), 'desk');
    await until(() => b.entries.size === 1 && c.entries.size === 1);
    expect(c.entries).toEqual(new Set(['desk']));
    expect(gateways.failures).toEqual([]);
  });

  it('count as long as any gateway has them', async () => {
    await using gateways = await stage();
    const [a, b, c] = [
      await gateways.start('a'),
      await gateways.start('b'),
      await gateways.start('c'),
    ];
    await Promise.all([told(a, 'desk'), told(b, 'desk', 'lobby')]);
    await until(() => c.entries.size === 2);
    await told(a);
    await told(b, 'desk');
    await until(() => !c.entries.has('lobby'));
    expect(c.entries).toEqual(new Set(['desk']));
  });

  it('are known to each of two processes that begin with one name at once', async () => {
    await using gateways = await stage();
    await told(await gateways.start('a'), 'desk');
    for (const { entries } of await Promise.all(['b', 'b', 'b'].map(gateways.start))) {
      expect(entries).toEqual(new Set(['desk']));
    }
  });

  it('are told again to a stream that was deleted; nobody is let in meanwhile', async () => {
    await using gateways = await stage();
    const [a, b] = [await gateways.start('a'), await gateways.start('b')];
    await told(a, 'desk');
    await until(() => b.entries.size === 1);
    let wasLetIn = false;
    b.onChange(() => {
      wasLetIn ||= !b.entries.has('desk');
    });
    await gateways.manager.streams.delete(gateways.stream);
    // The mark of each, and the entry.
    await found(async () => {
      const info = await gateways.manager.streams.info(gateways.stream).catch(() => undefined);
      return info?.state.messages === 3 || undefined;
    });
    expect((await gateways.start('c')).entries).toEqual(new Set(['desk']));
    expect(wasLetIn).toBe(false);
  });

  it('are those of all, whatever is told in which order', async () => {
    const names = ['a', 'b', 'c'] as const;
    const step = record({
      by: constantFrom(...names),
      entries: subarray(['desk', 'lobby', 'gate', 'token-1', 'ü|*.>']),
    });
    await assert(
      asyncProperty(array(step, { maxLength: 12 }), async (steps) => {
        await using gateways = await stage();
        const denials = new Map(
          await Promise.all(names.map(async (name) => [name, await gateways.start(name)] as const)),
        );
        for (const { by, entries } of steps) denials.get(by)?.tell(new Set(entries));
        await Promise.all([...denials.values()].map((each) => each.told()));
        for (const name of names) {
          const others = names.filter((other) => other !== name);
          const last = others.flatMap(
            (other) => steps.findLast(({ by }) => by === other)?.entries ?? [],
          );
          const expected = [...new Set(last)].toSorted();
          const entries = () => [...(denials.get(name)?.entries ?? [])].toSorted();
          await until(() => JSON.stringify(entries()) === JSON.stringify(expected));
        }
        expect(gateways.failures).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });
});
