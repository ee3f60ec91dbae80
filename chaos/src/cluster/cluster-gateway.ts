import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GatewayHost } from '../world/gateway-host.ts';
import { JournalFile } from '../world/journal-file.ts';
import type { MachineClock } from '../world/machine-clock.ts';
import type { SimulatedBox } from '../world/simulated-box.ts';
import { sitesOf } from '../world/sites.ts';
import { TcpProxy } from '../world/tcp-proxy.ts';
import type { Timeline } from '../world/timeline.ts';
import type { NatsHost } from './nats-host.ts';
import { STREAM } from './stream.ts';

export interface ClusterGatewayOptions {
  /** Counts from 0. */
  readonly number: number;
  /** Where it keeps all that it keeps. */
  readonly folder: string;
  readonly boxes: readonly SimulatedBox[];
  readonly nats: NatsHost;
  readonly clock: MachineClock;
  readonly timeline: Timeline;
}

/** One of the gateways that share a log, with networks of its own to each box and NATS server. */
export class ClusterGateway implements AsyncDisposable {
  readonly name: string;
  readonly host: GatewayHost;
  /** A way to the gateway on which nothing goes wrong. */
  readonly entrance: TcpProxy;
  /** To each NATS server. */
  readonly toNats: readonly TcpProxy[];
  readonly #parts: AsyncDisposableStack;

  private constructor(
    parts: AsyncDisposableStack,
    own: Pick<ClusterGateway, 'name' | 'host' | 'entrance' | 'toNats'>,
  ) {
    this.#parts = parts;
    this.name = own.name;
    this.host = own.host;
    this.entrance = own.entrance;
    this.toNats = own.toNats;
  }

  /** Settles when clients can connect. */
  static async start({
    number,
    folder,
    boxes,
    nats,
    clock,
    timeline,
  }: ClusterGatewayOptions): Promise<ClusterGateway> {
    await using parts = new AsyncDisposableStack();
    const name = `gw-${number + 1}`;
    const toNats: TcpProxy[] = [];
    for (const { port } of nats.servers) toNats.push(parts.use(await TcpProxy.start(() => port)));
    await mkdir(folder);
    const journal = new JournalFile(join(folder, 'journal.db'));
    const configFile = join(folder, 'gateway.yaml');
    const config = {
      listen: '127.0.0.1:0',
      sites: sitesOf(boxes, number),
      journal: {
        path: journal.path,
        nats: {
          servers: toNats.map(({ port }) => `nats://127.0.0.1:${port}`),
          stream: STREAM,
          replicas: nats.servers.length,
        },
      },
      cluster: { name },
    };
    // JSON is YAML.
    await writeFile(configFile, JSON.stringify(config));
    const logFile = join(folder, 'gateway.log');
    await writeFile(logFile, '');
    const host = parts.use(
      new GatewayHost({ name, configFile, logFile, journal, clock, timeline }),
    );
    const entrance = parts.use(await TcpProxy.start(() => host.port));
    await host.start();
    return new ClusterGateway(parts.move(), { name, host, entrance, toNats });
  }

  get url(): string {
    return `http://127.0.0.1:${this.entrance.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.disposeAsync();
  }
}
