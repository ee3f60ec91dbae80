import { cp, mkdtempDisposable, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { natsTestsAreSkipped, startNatsCluster } from '@se5/nats-server';
import { describe, expect, it } from 'vitest';
import { connected, employee, KeyCluster, KeyGateway, STREAM } from '../../support/shared-keys.ts';
import { until } from '../../support/until.ts';

const DAY_MS = 86_400_000;

describe.skipIf(natsTestsAreSkipped())('shared keys while NATS fails', () => {
  it('are prepared once the server is back, and known ones meanwhile', async () => {
    await using cluster = await KeyCluster.start();
    const [one, other] = [await cluster.started('one'), await cluster.started('other')];
    await one.keys.prepare([employee('person-1')]);
    await cluster.server.kill();
    expect(one.keys.prepare([employee('person-1')])).toBeUndefined();
    const prepared = [
      one.keys.prepare([employee('person-2')]),
      other.keys.prepare([employee('person-2'), employee('person-3')]),
    ];
    const forgotten = one.keys.forget({ kind: 'identity', identityId: 'person-1' });
    await cluster.server.restart();
    await Promise.all([...prepared, forgotten]);
    await until(() => one.inFile.keys.length === 3 && other.inFile.keys.length === 3);
    expect(other.inFile).toEqual(one.inFile);
    expect(one.inFile.forgotten).toHaveLength(1);
  });

  it('are added again to a stream that was deleted, also while gateways run', async () => {
    await using cluster = await KeyCluster.start();
    const [one, other] = [await cluster.started('one'), await cluster.started('other')];
    await one.keys.prepare([employee('person-1'), employee('person-2')]);
    await one.keys.forget({ kind: 'identity', identityId: 'person-2' });
    await until(() => other.inFile.forgotten.length === 1);
    const before = one.inFile;
    const { manager } = await cluster.manager();
    await manager.streams.delete(STREAM);
    await one.keys.prepare([employee('person-3')]);
    await until(() => other.inFile.keys.length === 3);
    expect(other.inFile).toEqual(one.inFile);
    expect(one.inFile.keys).toEqual(expect.arrayContaining([...before.keys]));
    expect(one.inFile.forgotten).toEqual(before.forgotten);
    const names = await cluster.subjects();
    expect(names.filter((name) => name.startsWith('forgotten.'))).toHaveLength(1);
    expect(names.filter((name) => /^(person|day)\./.test(name))).toHaveLength(3);
  });

  it('are added again to a server that lost its newest messages', async () => {
    await using cluster = await KeyCluster.start();
    const { storeDir } = cluster.server;
    const [one, other] = [await cluster.started('one'), await cluster.started('other')];
    await one.keys.prepare([employee('person-1'), employee('person-2')]);
    await cluster.server.kill();
    await cp(storeDir, `${storeDir}.older`, { recursive: true });
    await cluster.server.restart();
    await one.keys.prepare([employee('person-3')]);
    await one.keys.forget({ kind: 'identity', identityId: 'person-2' });
    await other.level();
    await cluster.server.kill();
    await rm(storeDir, { recursive: true });
    await rename(`${storeDir}.older`, storeDir);
    await cluster.server.restart();
    await other.keys.prepare([employee('person-4')]);
    await one.level();
    expect(one.inFile).toEqual(other.inFile);
    expect(one.inFile.keys).toHaveLength(4);
    const names = await cluster.subjects();
    expect(names.filter((name) => name.startsWith('person.'))).toHaveLength(3);
    expect(names.filter((name) => name.startsWith('forgotten.'))).toHaveLength(1);
  });

  it('are still known as used after the stream was deleted', async () => {
    await using cluster = await KeyCluster.start();
    const [one, other] = [await cluster.started('one'), await cluster.started('other')];
    const seen = (day: number) =>
      employee('person-1', { occurredAt: day * DAY_MS, receivedAt: day * DAY_MS });
    await one.keys.prepare([seen(10)]);
    await other.keys.prepare([seen(25)]);
    const { manager } = await cluster.manager();
    await manager.streams.delete(STREAM);
    await one.level();
    await other.level();
    await other.keys.prepare([seen(25)]);
    // It knows the new stream alone.
    const third = await cluster.started('third');
    await third.keys.collect(30 * DAY_MS);
    await other.level();
    expect(other.keyOf('person-1')).toBeDefined();
  });

  it('are all kept when gateways that were apart created different ones', async () => {
    await using cluster = await KeyCluster.start();
    const [one, other] = [await cluster.started('one'), await cluster.started('other')];
    await other.stop();
    await one.keys.prepare([employee('person-1')]);
    await one.stop();
    const { manager } = await cluster.manager();
    await manager.streams.delete(STREAM);
    await other.start();
    await other.keys.prepare([employee('person-1')]);
    await one.start();
    await until(() => other.inFile.keys.length === 4);
    expect(other.inFile).toEqual(one.inFile);
    // An erasure reaches both.
    await other.keys.forget({ kind: 'identity', identityId: 'person-1' });
    await until(() => one.inFile.keys.length === 2);
    expect(one.inFile).toEqual(other.inFile);
  });

  it('stay forgotten when a gateway comes back with one after the stream was deleted', async () => {
    await using cluster = await KeyCluster.start();
    const [one, other] = [await cluster.started('one'), await cluster.started('other')];
    await one.keys.prepare([employee('person-1')]);
    await until(() => other.inFile.keys.length === 2);
    await other.stop();
    await one.keys.forget({ kind: 'identity', identityId: 'person-1' });
    const [id] = one.inFile.forgotten;
    const key = other.inFile.keys.find((one) => one.id === id);
    await one.stop();
    const { manager } = await cluster.manager();
    await manager.streams.delete(STREAM);
    await other.start();
    await other.stop();
    if (!key) throw new Error('there is no key');
    expect(await cluster.filesWithKey(key)).toHaveLength(2);
    await one.start();
    expect(await cluster.filesWithKey(key)).toEqual([other.path]);
    await other.start();
    expect(await cluster.filesWithKey(key)).toEqual([]);
    expect(other.inFile).toEqual(one.inFile);
  });

  it('are added to a stream that is deleted while gateways read it', async () => {
    await using cluster = await KeyCluster.start();
    const one = await cluster.started('one');
    await one.keys.prepare(Array.from({ length: 500 }, (_, index) => employee(`${index}`)));
    const { manager } = await cluster.manager();
    const messages = async (): Promise<number> => {
      const info = await manager.streams.info(STREAM).catch(() => undefined);
      return info?.state.messages ?? 0;
    };
    for (let round = 1; round < 5; round += 1) {
      await manager.streams.delete(STREAM);
      // While it adds its keys again.
      while ((await messages()) < 100 * round);
    }
    await manager.streams.delete(STREAM);
    await one.keys.prepare([employee('another')]);
    expect(one.inFile.keys).toHaveLength(502);
    expect((await cluster.subjects()).filter((name) => name.startsWith('person'))).toHaveLength(
      501,
    );
  });

  it('are prepared and forgotten while servers elect another leader', async () => {
    await using servers = await startNatsCluster(3);
    await using folder = await mkdtempDisposable(join(tmpdir(), 'se5-shared-keys-'));
    await using one = new KeyGateway(join(folder.path, 'one.db'), servers.urls);
    await using other = new KeyGateway(join(folder.path, 'other.db'), servers.urls);
    await one.start({ replicas: 3 });
    await other.start({ replicas: 3 });
    await one.keys.prepare([employee('person-1'), employee('person-2')]);
    await using connection = await connected(...servers.urls);
    const { streams } = await jetstreamManager(connection);
    const { cluster } = await streams.info(STREAM);
    await servers.server(cluster?.leader ?? '').kill();
    await Promise.all([
      one.keys.prepare([employee('person-3')]),
      other.keys.prepare([employee('person-3'), employee('person-4')]),
      one.keys.forget({ kind: 'identity', identityId: 'person-1' }),
    ]);
    await one.level();
    await other.level();
    expect(one.inFile.keys).toHaveLength(4);
    expect(one.inFile.forgotten).toHaveLength(1);
    expect(other.inFile).toEqual(one.inFile);
  });
});
