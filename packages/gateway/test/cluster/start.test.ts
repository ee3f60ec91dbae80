import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { natsTestsAreSkipped, startNatsCluster } from '@se5/nats-server';
import { expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { startGateway } from '../support/gateways.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { until } from '../support/until.ts';

it.skipIf(natsTestsAreSkipped())('waits until JetStream has a leader', async () => {
  await using nats = await startNatsCluster(3);
  const [, second, third] = nats.servers;
  await Promise.all([second?.kill(), third?.kill()]);
  await using folder = await mkdtempDisposable(join(tmpdir(), 'se5-start-'));
  const { logger, lines } = recordedLog();
  const path = join(folder.path, 'journal.db');
  const journal = { path, nats: { servers: nats.urls, replicas: 3 } };
  const starting = startGateway({ logger, config: { journal } });
  await until(() => lines.some(({ message }) => message.includes('JetStream does not answer')));
  await Promise.all([second?.restart(), third?.restart()]);
  await using gateway = await starting;
  expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
});

it('ends the waiting for NATS when its signal aborts', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'se5-start-'));
  const path = join(folder.path, 'journal.db');
  const servers = [`nats://127.0.0.1:${await freePort()}`];
  const { logger, lines } = recordedLog();
  const controller = new AbortController();
  const starting = startGateway({
    ...{ logger, signal: controller.signal },
    config: { journal: { path, nats: { servers } } },
  });
  await until(() => lines.some(({ message }) => message.includes('waits for NATS')));
  const reason = new Error('enough');
  controller.abort(reason);
  await expect(starting).rejects.toBe(reason);
});
