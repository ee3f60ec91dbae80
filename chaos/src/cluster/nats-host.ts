import { setTimeout as sleep } from 'node:timers/promises';
import { JetStreamApiCodes, JetStreamApiError, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { type NatsCluster, type NatsServer, startNatsCluster } from '@se5/nats-server';
import type { Timeline } from '../world/timeline.ts';

/** Between two attempts to delete a stream, in ms. */
const AGAIN_MS = 500;

/** The machines with the NATS servers: one fault at a time. */
export class NatsHost implements AsyncDisposable {
  readonly #cluster: NatsCluster;
  readonly #timeline: Timeline;
  #last: Promise<void> = Promise.resolve();

  private constructor(cluster: NatsCluster, timeline: Timeline) {
    this.#cluster = cluster;
    this.#timeline = timeline;
  }

  static async start(size: number, timeline: Timeline): Promise<NatsHost> {
    // Or a client would learn the addresses of all servers, and go around its proxies.
    const cluster = { no_advertise: true };
    return new NatsHost(await startNatsCluster(size, { config: { cluster } }), timeline);
  }

  get servers(): readonly NatsServer[] {
    return this.#cluster.servers;
  }

  /** kill -9 of those with these numbers, and new processes. Settles when they are back. */
  kill(numbers: readonly number[], downMs: number): Promise<void> {
    const servers = this.servers.filter((_, number) => numbers.includes(number));
    this.#last = this.#last.then(async () => {
      await Promise.all(servers.map((server) => server.kill()));
      for (const { name } of servers) this.#timeline.note(`${name} is down`);
      await sleep(downMs);
      await Promise.all(servers.map((server) => server.restart()));
      for (const { name } of servers) this.#timeline.note(`${name} is up`);
    });
    return this.#last;
  }

  /** Settles when each server is level with the others. */
  async ready(): Promise<void> {
    await this.#last;
    await this.#cluster.ready();
  }

  /** Deletes a stream with all that is in it, as soon as that is possible. */
  async deleteStream(name: string, signal: AbortSignal): Promise<void> {
    const servers = this.#cluster.urls;
    const connection = await connect({
      servers,
      maxReconnectAttempts: -1,
      waitOnFirstConnect: true,
    });
    try {
      for (;;) {
        try {
          const manager = await jetstreamManager(connection);
          await manager.streams.delete(name);
          return;
        } catch (error) {
          // An earlier attempt without an answer has deleted it, and no gateway has made a new one.
          if (isGone(error)) return;
        }
        await sleep(AGAIN_MS, undefined, { signal });
      }
    } finally {
      await connection.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cluster[Symbol.asyncDispose]();
    await this.#last.catch(() => undefined);
    await this.#cluster[Symbol.asyncDispose]();
  }
}

const isGone = (error: unknown): boolean =>
  error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound;
