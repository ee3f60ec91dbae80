import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { describe, expect, test } from 'vitest';
import { natsTestsAreSkipped, startNatsCluster } from '../src/index.ts';
import { connected } from './client.ts';

describe.skipIf(natsTestsAreSkipped())('a cluster of three servers', () => {
  test('keeps a stream and goes on when its leader is killed, and takes it back', async () => {
    await using cluster = await startNatsCluster(3);
    const client = await connected(...cluster.urls);
    const manager = await jetstreamManager(client);
    const { cluster: replicas } = await manager.streams.add({
      name: 'EVENTS',
      subjects: ['events.>'],
      num_replicas: 3,
    });
    await jetstream(client).publish('events.hq-lobby', 'opened');

    const leader = cluster.server(replicas?.leader ?? '');
    await leader.kill();
    await expect.poll(() => publishes()).toBe(true);
    const first = await manager.streams.getMessage('EVENTS', { seq: 1 });
    expect(first?.string()).toBe('opened');

    await leader.restart();
    await cluster.ready();
    expect(cluster.servers.every(({ isRunning }) => isRunning)).toBe(true);

    /** Refused or unanswered until the others have elected a leader. */
    async function publishes(): Promise<boolean> {
      try {
        await jetstream(client).publish('events.hq-lobby', 'closed');
        return true;
      } catch {
        return false;
      }
    }
  });
});

describe.skipIf(natsTestsAreSkipped())('a cluster of one server', () => {
  test('is ready by itself, also when it comes back', async () => {
    await using cluster = await startNatsCluster(1);
    const [server] = cluster.servers;
    await server?.kill();
    await server?.restart();
    await cluster.ready();
    const client = await connected(...cluster.urls);
    const { streams } = await jetstreamManager(client);
    await streams.add({ name: 'EVENTS', subjects: ['events.>'] });
  });
});
