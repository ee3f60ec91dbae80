import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import {
  type NatsConfig,
  type NatsServer,
  type NatsServerOptions,
  startNatsServer,
} from './server.ts';

/** Between two looks at a server that is not ready, in ms. */
const LOOK_MS = 50;
/** Ends the wait for a cluster that does not come about, in ms. JetStream elects within 4 to 9 s. */
const HANG_MS = 120_000;

export interface NatsClusterOptions {
  /** Added to the configuration of each server. Default none. */
  readonly config?: NonNullable<NatsServerOptions['config']> & { readonly cluster?: NatsConfig };
}

/** Servers on 127.0.0.1 that form one JetStream cluster. Disposing kills all. */
export class NatsCluster implements AsyncDisposable {
  /** Named `nats-1`, `nats-2`…, as in a stream's `cluster.leader`. */
  readonly servers: readonly NatsServer[];

  /** @internal Use {@link startNatsCluster}. */
  constructor(servers: readonly NatsServer[]) {
    this.servers = servers;
  }

  /** For clients: the URL of each server. */
  get urls(): string[] {
    return this.servers.map(({ url }) => url);
  }

  /** @throws {Error} when no server has this name. */
  server(name: string): NatsServer {
    const found = this.servers.find((server) => server.name === name);
    if (found === undefined) throw new Error(`no server of the cluster is named ${name}`);
    return found;
  }

  /**
   * Settles when each running server knows the meta leader and is level with its streams. Waits
   * for servers that are suspended.
   *
   * @throws {Error} after 2 minutes, with what each server said last.
   */
  async ready(): Promise<void> {
    const deadline = AbortSignal.timeout(HANG_MS);
    const running = this.servers.filter(({ isRunning }) => isRunning);
    await Promise.all(running.map((server) => healthy(server, deadline)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.servers.map((server) => server[Symbol.asyncDispose]()));
  }
}

/**
 * Starts a JetStream cluster. Settles when streams can be created: it has a meta leader.
 *
 * @param size the number of servers. Default 3; 1 is a server that stands alone.
 * @param options for each server; settings of `cluster` are merged one by one.
 * @throws {Error} as {@link startNatsServer} does, or when no meta leader is elected in 2 minutes.
 */
export async function startNatsCluster(
  size = 3,
  { config: { cluster: routing, ...config } = {} }: NatsClusterOptions = {},
): Promise<NatsCluster> {
  const ports = await Promise.all(Array.from({ length: size }, freePort));
  const routes = ports.map((port) => `nats://127.0.0.1:${port}`);
  // A server that may have routes waits for another one.
  const routingOf = (port: number) =>
    size === 1
      ? undefined
      : { cluster: { ...routing, name: 'se5', listen: `127.0.0.1:${port}`, routes } };
  const started = await Promise.allSettled(
    ports.map((port, index) =>
      startNatsServer({
        name: `nats-${index + 1}`,
        config: { ...config, ...routingOf(port) },
      }),
    ),
  );
  const cluster = new NatsCluster(
    started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
  );
  try {
    for (const one of started) if (one.status === 'rejected') throw one.reason;
    await cluster.ready();
    return cluster;
  } catch (error) {
    await cluster[Symbol.asyncDispose]();
    throw error;
  }
}

/** Polls, since a server tells nobody of its health; see docs.nats.io, "Monitoring". */
async function healthy(server: NatsServer, deadline: AbortSignal): Promise<void> {
  let said = 'nothing';
  while (server.isRunning) {
    try {
      const answer = await fetch(`${server.monitoringUrl}/healthz`, { signal: deadline });
      if (answer.ok) return;
      said = await answer.text();
    } catch (error) {
      said = String(error);
    }
    if (deadline.aborted) {
      throw new Error(`${server.name} is not ready and says ${said}; its log:\n${server.log}`);
    }
    await delay(LOOK_MS);
  }
}
