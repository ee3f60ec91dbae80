import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findNatsServer, HOW_TO_GET } from './find.ts';
import { freePort } from './free-port.ts';
import { ServerLog } from './server-log.ts';
import { ServerProcess } from './server-process.ts';

/** Settings of nats-server by their own names, e.g. `{ max_payload: 65_536 }`. */
export type NatsConfig = Readonly<Record<string, unknown>>;

export interface NatsServerOptions {
  /** Default `nats`. In a cluster each server needs its own. */
  readonly name?: string;
  /** The folder of JetStream's streams. Default: a temporary one, deleted by disposing. */
  readonly storeDir?: string;
  /** The port for clients. Default 0: any free one. */
  readonly port?: number;
  /** Added to the configuration. Settings of `jetstream` are merged one by one. Default none. */
  readonly config?: NatsConfig & { readonly jetstream?: NatsConfig };
}

/**
 * A nats-server with JetStream, in a process of its own, that listens on 127.0.0.1 only. Disposing
 * kills it.
 */
export class NatsServer implements AsyncDisposable {
  readonly name: string;
  readonly port: number;
  /** For clients: `nats://127.0.0.1:…`. */
  readonly url: string;
  /** The monitoring endpoints: `http://127.0.0.1:…`. */
  readonly monitoringUrl: string;
  readonly storeDir: string;
  readonly #log = new ServerLog();
  readonly #folder: string;
  readonly #path: string;
  #process: ServerProcess | undefined;

  /** @internal Use {@link startNatsServer}. */
  constructor(settings: {
    readonly name: string;
    readonly port: number;
    readonly monitoringPort: number;
    readonly storeDir: string;
    readonly folder: string;
    readonly path: string;
  }) {
    this.name = settings.name;
    this.port = settings.port;
    this.url = `nats://127.0.0.1:${settings.port}`;
    this.monitoringUrl = `http://127.0.0.1:${settings.monitoringPort}`;
    this.storeDir = settings.storeDir;
    this.#folder = settings.folder;
    this.#path = settings.path;
  }

  /** The process id of this run or, while the server is down, of the last one. */
  get pid(): number {
    const pid = this.#process?.pid;
    if (pid === undefined) throw new Error(`the nats-server ${this.name} was never started`);
    return pid;
  }

  /** False once it was killed or has ended by itself. True while it is suspended. */
  get isRunning(): boolean {
    return this.#process?.isRunning ?? false;
  }

  /** What it has logged: the last 65,536 characters, of all its runs. */
  get log(): string {
    return this.#log.text;
  }

  /** SIGKILL. Settles when the process is gone. Does nothing while the server is down. */
  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  /** SIGSTOP: connections stay open, and nothing is answered until {@link resume}. */
  suspend(): void {
    this.#process?.signal('SIGSTOP');
  }

  /** SIGCONT. */
  resume(): void {
    this.#process?.signal('SIGCONT');
  }

  /**
   * Starts it again with the same port, store and configuration; kills it before when it runs.
   * Settles when clients can connect.
   *
   * @throws {Error} with its log, when it does not start.
   */
  async restart(): Promise<void> {
    await this.kill();
    this.#process = await ServerProcess.start(this.#path, configFile(this.#folder), this.#log);
  }

  /** Kills it and deletes its temporary folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** How often other ports are tried when others have taken the chosen ones meanwhile. */
const PORT_ATTEMPTS = 5;

/**
 * Starts a nats-server. Settles when clients can connect.
 *
 * @throws {Error} when {@link findNatsServer} finds none, and, with its log, when it does not start.
 */
export async function startNatsServer(options: NatsServerOptions = {}): Promise<NatsServer> {
  const path = findNatsServer();
  if (path === undefined)
    throw new Error(`No nats-server here: run \`pnpm nats\`, or ${HOW_TO_GET}`);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnPorts(path, options);
    } catch (error) {
      // Between the look at a port and the start, another process may take it.
      const isTaken = error instanceof Error && error.message.includes('address already in use');
      if (!isTaken || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

async function startOnPorts(
  path: string,
  { name = 'nats', storeDir, port = 0, config = {} }: NatsServerOptions,
): Promise<NatsServer> {
  const folder = await mkdtemp(join(tmpdir(), 'nats-server-'));
  const server = new NatsServer({
    name,
    path,
    folder,
    port: port === 0 ? await freePort() : port,
    monitoringPort: await freePort(),
    storeDir: storeDir ?? join(folder, 'store'),
  });
  try {
    const { jetstream, ...others } = config;
    // The server's own format has JSON in it.
    const written = {
      server_name: name,
      listen: `127.0.0.1:${server.port}`,
      http: new URL(server.monitoringUrl).host,
      jetstream: { store_dir: server.storeDir, ...jetstream },
      ...others,
    };
    await writeFile(configFile(folder), JSON.stringify(written));
    await server.restart();
    return server;
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

const configFile = (folder: string): string => join(folder, 'nats-server.conf');
