import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NatsServer, startNatsServer } from '@se5/nats-server';
import { type Simulator, startSimulator } from '@se5/simulator';
import type { Gateway } from '../../src/gateway.ts';
import { startGateway, type TestGatewayOptions } from './gateways.ts';

/** Gateways that share a log, in front of the same boxes. */
export class TestCluster implements AsyncDisposable {
  readonly #servers: readonly NatsServer[];
  readonly #simulators: readonly Simulator[];
  /** Keys of `journal.nats` beside `servers`. */
  readonly #nats: object;
  readonly #folder: { readonly path: string; remove(): Promise<void> };
  readonly #gateways = new Map<string, Gateway>();

  private constructor(
    servers: readonly NatsServer[],
    simulators: readonly Simulator[],
    nats: object,
    folder: { readonly path: string; remove(): Promise<void> },
  ) {
    this.#servers = servers;
    this.#simulators = simulators;
    this.#nats = nats;
    this.#folder = folder;
  }

  static async of(
    servers: readonly NatsServer[],
    simulators: readonly Simulator[],
    nats: object = {},
  ): Promise<TestCluster> {
    const folder = await mkdtempDisposable(join(tmpdir(), 'se5-cluster-'));
    return new TestCluster(servers, simulators, nats, folder);
  }

  /** The path of the gateway's own file. */
  journalOf(name: string): string {
    return join(this.#folder.path, name, 'journal.db');
  }

  /** Keys of the configuration file beside `sites`. */
  configOf(name: string) {
    const servers = this.#servers.map(({ url }) => url);
    return {
      journal: { path: this.journalOf(name), nats: { servers, ...this.#nats } },
      cluster: { name },
    };
  }

  async start(
    name: string,
    { config, ...options }: Omit<TestGatewayOptions, 'simulators'> = {},
  ): Promise<Gateway> {
    const gateway = await startGateway({
      simulators: this.#simulators,
      ...options,
      config: { ...this.configOf(name), ...config },
    });
    this.#gateways.set(name, gateway);
    return gateway;
  }

  async stop(name: string): Promise<void> {
    await this.#gateways.get(name)?.[Symbol.asyncDispose]();
    this.#gateways.delete(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#gateways.values().map((gateway) => gateway[Symbol.asyncDispose]()));
    await this.#folder.remove();
  }
}

/** A log, boxes, and gateways that are still to be started. */
export interface ClusterStage extends AsyncDisposable {
  readonly server: NatsServer;
  /** Four. */
  readonly simulators: readonly Simulator[];
  readonly cluster: TestCluster;
}

export async function setClusterStage(): Promise<ClusterStage> {
  await using parts = new AsyncDisposableStack();
  const server = parts.use(await startNatsServer());
  const simulators = await Promise.all(
    Array.from({ length: 4 }, (_, index) => startSimulator({ seed: index + 1 })),
  );
  for (const simulator of simulators) parts.use(simulator);
  const cluster = parts.use(await TestCluster.of([server], simulators));
  const held = parts.move();
  return { server, simulators, cluster, [Symbol.asyncDispose]: () => held.disposeAsync() };
}
