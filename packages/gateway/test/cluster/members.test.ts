import { connect } from '@nats-io/transport-node';
import { type NatsServer, natsTestsAreSkipped, startNatsServer } from '@se5/nats-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Bus } from '../../src/cluster/bus.ts';
import { Members } from '../../src/cluster/members.ts';

describe.skipIf(natsTestsAreSkipped())('who is alive', () => {
  let server: NatsServer;
  let parts: AsyncDisposableStack;
  let now: number;

  beforeEach(async () => {
    parts = new AsyncDisposableStack();
    server = parts.use(await startNatsServer());
    now = 1_000;
  });

  afterEach(async () => {
    await parts.disposeAsync();
  });

  /** Its heart beats when the test says so. */
  const member = async (name: string, isConnected = () => true) => {
    const connection = await connect({ servers: server.url });
    parts.defer(() => connection.close());
    const bus = parts.use(
      new Bus({ connection, isUp: () => true }, 'se5', (error) => {
        throw error;
      }),
    );
    const members = parts.use(
      new Members({
        bus,
        clock: { now: () => now, elapsed: () => now, boot: undefined, sleep: async () => {} },
        beats: 'by hand',
        isConnected,
        self: () => ({
          ...{ name, process: `process of ${name}`, version: '1', sites: null },
          ...{ isDraining: false, isLeaving: false, boxes: 0, newest: 0, waiting: 0 },
        }),
      }),
    );
    members.start();
    return { members, flush: () => connection.flush() };
  };

  const names = ({ members }: Awaited<ReturnType<typeof member>>) =>
    members.living?.map(({ name }) => name);

  /** Resolves when `one` has heard a beat of `other`. */
  const hear = async (
    one: Awaited<ReturnType<typeof member>>,
    other: Awaited<ReturnType<typeof member>>,
  ) => {
    other.members.beat();
    await other.flush();
    await one.flush();
  };

  it('is not known before everybody has had the time to say so', async () => {
    const [a, b] = [await member('a'), await member('b')];
    await hear(a, b);
    expect(names(a)).toBeUndefined();
    now += 2_000;
    expect(names(a)).toEqual(['a', 'b']);
  });

  it('is not one who was not heard for 2 s', async () => {
    const [a, b] = [await member('a'), await member('b')];
    await hear(a, b);
    for (let beats = 0; beats < 3; beats += 1) {
      now += 500;
      a.members.beat();
    }
    await hear(a, b);
    for (let beats = 0; beats < 4; beats += 1) {
      now += 500;
      a.members.beat();
    }
    expect(names(a)).toEqual(['a', 'b']);
    now += 500;
    a.members.beat();
    expect(names(a)).toEqual(['a']);
  });

  it('is nobody the less for who stood still, or was cut off', async () => {
    let isConnected = true;
    const [a, b] = [await member('a', () => isConnected), await member('b')];
    now += 500;
    a.members.beat();
    await hear(a, b);
    // It stood still for 10 s, and took nobody for dead.
    now += 10_000;
    a.members.beat();
    expect(names(a)).toBeUndefined();
    await hear(a, b);
    for (let beats = 0; beats < 4; beats += 1) {
      now += 500;
      a.members.beat();
    }
    expect(names(a)).toEqual(['a', 'b']);
    isConnected = false;
    for (let beats = 0; beats < 20; beats += 1) {
      now += 500;
      a.members.beat();
    }
    isConnected = true;
    expect(names(a)).toBeUndefined();
    await hear(a, b);
    for (let beats = 0; beats < 4; beats += 1) {
      now += 500;
      a.members.beat();
    }
    expect(names(a)).toEqual(['a', 'b']);
  });

  it('is not one who says that it ends', async () => {
    const [a, b] = [await member('a'), await member('b')];
    await hear(a, b);
    now += 2_000;
    const left = Promise.withResolvers<string>();
    a.members.onLeave(({ name }) => left.resolve(name));
    b.members[Symbol.dispose]();
    await expect(left.promise).resolves.toBe('b');
    expect(names(a)).toEqual(['a']);
  });
});
