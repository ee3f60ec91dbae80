import { isDeepStrictEqual } from 'node:util';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { type NatsServer, natsTestsAreSkipped, startNatsServer } from '@se5/nats-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Bus } from '../../src/cluster/bus.ts';
import { HEARTBEAT, type Heartbeat, Members } from '../../src/cluster/members.ts';
import { SharedDirectory } from '../../src/cluster/shared-directory.ts';
import { FleetDirectory } from '../../src/fleet/fleet-directory.ts';
import { WallTime } from '../../src/fleet/wall-time.ts';
import type { Gateway } from '../../src/gateway.ts';
import { boxesOf, owners, sharedBy } from '../support/box-owners.ts';
import { setClusterStage } from '../support/cluster.ts';
import { boxConfig, boxId, siteConfig } from '../support/recognitions.ts';
import { found } from '../support/until.ts';

const LOBBY = boxId('hq-lobby');

/** What others hear of a gateway once it has ended. */
const leaving = (heartbeat: Heartbeat) => JSON.stringify({ ...heartbeat, isLeaving: true, v: 1 });

/** How many gateways it takes for alive. */
async function gatewaysOf({ url }: Gateway): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return z.coerce.number().parse(/^se5_cluster_gateways (\d+)$/m.exec(text)?.[1]);
}

async function heartbeatOf(connection: NatsConnection, gateway: string): Promise<Heartbeat> {
  const heartbeats = connection.subscribe('se5_cluster.heartbeat');
  for await (const message of heartbeats) {
    const heartbeat = HEARTBEAT.schema.parse(message.json());
    if (heartbeat.name === gateway) return heartbeat;
  }
  throw new Error('the connection was closed');
}

describe.skipIf(natsTestsAreSkipped())('a gateway that was only taken for dead', () => {
  let parts: AsyncDisposableStack;

  beforeEach(() => {
    parts = new AsyncDisposableStack();
  });

  afterEach(() => parts.disposeAsync());

  const connected = async ({ url }: NatsServer) => {
    const connection = await connect({ servers: url });
    parts.defer(() => connection.close());
    return connection;
  };

  it('keeps its boxes when it is back before another one hears them', async () => {
    const { server, simulators, cluster } = parts.use(await setClusterStage());
    const [a, b] = [await cluster.start('a'), await cluster.start('b')];
    const before = await sharedBy(a, ['a', 'b']);
    await found(async () => isDeepStrictEqual(await owners(b), before) || undefined);
    const connection = await connected(server);
    const { streams } = await jetstreamManager(connection);
    const log = await streams.info('se5');
    for (const { faults } of simulators) await faults.refuse('unanswered');
    connection.publish('se5_cluster.heartbeat', leaving(await heartbeatOf(connection, 'a')));
    await found(
      async () => (await boxesOf(b)).every(({ gateway }) => gateway === 'b') || undefined,
    );
    await found(async () => (await gatewaysOf(b)) === 2 || undefined);
    for (const { faults } of simulators) await faults.welcome();
    await found(async () => isDeepStrictEqual(await owners(b), before) || undefined);
    expect((await streams.info('se5')).state.last_seq).toBe(log.state.last_seq);
  });

  it('is asked for its boxes again', async () => {
    const server = parts.use(await startNatsServer());
    const member = async (name: string) => {
      const connection = await connected(server);
      const bus = parts.use(
        new Bus({ connection, isUp: () => true }, 'se5', (error) => {
          throw error;
        }),
      );
      const process = `process of ${name}`;
      const clock = { now: () => 0, elapsed: () => 0, boot: undefined, sleep: async () => {} };
      const self = (): Heartbeat => ({
        ...{ name, process, version: '1', sites: null, isDraining: true, isLeaving: false },
        ...{ boxes: 1, newest: 0, waiting: 0 },
      });
      const members = parts.use(
        new Members({ bus, clock, self, isConnected: () => true, beats: 'by hand' }),
      );
      const directory = new FleetDirectory(
        [siteConfig('hq', [boxConfig({ id: LOBBY })])],
        new WallTime(clock),
      );
      const shared = parts.use(
        new SharedDirectory({
          ...{ bus, members, directory, gateway: name, process, fleet: { adopt() {} } },
          holds: () => name === 'a',
          owns: () => name === 'a',
        }),
      );
      members.start();
      return { members, shared, connection, self };
    };
    const [a, b] = [await member('a'), await member('b')];
    await found(async () => {
      for (const { members } of [a, b]) members.beat();
      return b.shared.isHeldElsewhere(LOBBY) || undefined;
    });
    a.connection.publish('se5_cluster.heartbeat', leaving(a.self()));
    await found(async () => !b.shared.isHeldElsewhere(LOBBY) || undefined);
    await found(async () => {
      a.members.beat();
      return b.members.others.length === 1 || undefined;
    });
    expect(b.shared.isHeldElsewhere(LOBBY)).toBe(true);
    b.shared.released(LOBBY);
    expect(b.shared.isHeldElsewhere(LOBBY)).toBe(false);
  });
});
