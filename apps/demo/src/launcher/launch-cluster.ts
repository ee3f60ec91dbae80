import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureNatsServer, startNatsServer } from '@se5/nats-server';
import { UsageError } from './arguments.ts';
import { configuration } from './configuration.ts';
import { GatewayProcess, type GatewayProcessOptions } from './gateway-process.ts';
import type { Launched, LaunchOptions } from './launch.ts';
import { simulateSites } from './simulate-sites.ts';
import { pastConfig } from './with-past.ts';

const NAMES = ['gateway-1', 'gateway-2', 'gateway-3'] as const;

export interface ClusterOptions extends LaunchOptions {
  /** Told when a gateway runs: at first, and again after it was killed. */
  readonly onGateway: GatewayProcessOptions['started'];
  /** Told why a gateway that was killed does not come back yet. */
  readonly onFailure: GatewayProcessOptions['failed'];
}

/**
 * The same sites behind three gateways that share a log, each in a process of its own.
 *
 * @throws {UsageError} when there is no nats-server, or a port is taken.
 */
export async function launchCluster(options: ClusterOptions): Promise<Launched> {
  const { port, rate, past, seed, onStep = () => {} } = options;
  const { onGateway: started, onFailure: failed } = options;
  await using resources = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'se5-demo-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));

  onStep('Starting NATS');
  assertNatsServer();
  const nats = resources.use(await startNatsServer());

  onStep('Starting the simulated boxes');
  const { simulators } = resources.use(await simulateSites({ rate, past, seed }));

  onStep('Starting three gateways');
  const ports = port === 0 ? await freePorts(NAMES.length) : NAMES.map((_, index) => port + index);
  const [url = '', ...others] = await Promise.all(
    NAMES.map(async (name, index) => {
      const own = ports[index] ?? 0;
      const order = {
        config: configuration(own, simulators, {
          ...pastConfig,
          journal: { path: join(folder, name, 'journal.db'), nats: { servers: [nats.url] } },
          cluster: { name },
        }),
        alsoAt: ports.filter((other) => other !== own),
      };
      const gateway = new GatewayProcess({ name, port: own, order, started, failed });
      return resources.use(gateway).start();
    }),
  );

  const owned = resources.move();
  return {
    url,
    others,
    simulators,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function assertNatsServer(): void {
  try {
    ensureNatsServer();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  return Promise.all(
    servers.map(async (server) => {
      const address = server.address();
      server.close();
      await once(server, 'close');
      return typeof address === 'object' && address ? address.port : 0;
    }),
  );
}
