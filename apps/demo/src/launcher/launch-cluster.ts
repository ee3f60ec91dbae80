import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureNatsServer, startNatsServer } from '@se5/nats-server';
import { z } from 'zod';
import type { GatewayOrder } from './cluster-gateway.ts';
import { configuration } from './configuration.ts';
import type { Launched, LaunchOptions } from './launch.ts';
import { simulateSites } from './simulate-sites.ts';

const NAMES = ['gateway-1', 'gateway-2', 'gateway-3'] as const;

/** A gateway that was killed is started again after so long, in ms. */
const RESTART_MS = 10_000;

/** For a gateway to hand its boxes over and end, in ms; then it is killed. */
const END_MS = 3_000;

const startedSchema = z.object({ url: z.string() });

export interface ClusterOptions extends LaunchOptions {
  /** Told when a gateway runs: at first, and again after it was killed. */
  readonly onGateway: (gateway: { readonly name: string; readonly pid: number }) => void;
}

/** The same sites behind three gateways that share a log, each in a process of its own. */
export async function launchCluster(options: ClusterOptions): Promise<Launched> {
  const { port, rate, seed, onStep = () => {}, onGateway } = options;
  await using resources = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'se5-demo-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));

  onStep('Starting NATS');
  ensureNatsServer();
  const nats = resources.use(await startNatsServer());

  onStep('Starting the simulated boxes');
  const { simulators } = resources.use(await simulateSites({ rate, seed }));

  onStep('Starting three gateways');
  const ports = port === 0 ? await freePorts(NAMES.length) : NAMES.map((_, index) => port + index);
  const [url = '', ...others] = await Promise.all(
    NAMES.map(async (name, index) => {
      const config = configuration(ports[index] ?? 0, simulators, {
        journal: { path: join(folder, name, 'journal.db'), nats: { servers: [nats.url] } },
        cluster: { name },
      });
      const alsoAt = ports.filter((other) => other !== ports[index]);
      const process = resources.use(new GatewayProcess(name, { config, alsoAt }, onGateway));
      return process.start();
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

/** A gateway that comes back when it is killed. */
class GatewayProcess implements AsyncDisposable {
  readonly #name: string;
  readonly #order: GatewayOrder;
  readonly #onGateway: ClusterOptions['onGateway'];
  #process: ChildProcess | undefined;
  #restart: NodeJS.Timeout | undefined;
  #isEnding = false;

  constructor(name: string, order: GatewayOrder, onGateway: ClusterOptions['onGateway']) {
    this.#name = name;
    this.#order = order;
    this.#onGateway = onGateway;
  }

  /** @returns its address. @throws when it ends before it can be reached. */
  async start(): Promise<string> {
    const module = fileURLToPath(new URL('./cluster-gateway.ts', import.meta.url));
    const child = fork(module, { execArgv: ['--conditions=@se5/source'] });
    this.#process = child;
    child.send(this.#order);
    const ended = once(child, 'exit').then(([code, signal]) => {
      throw new Error(`${this.#name} ended with ${signal ?? code}`);
    });
    ended.catch(() => {});
    const [message] = (await Promise.race([once(child, 'message'), ended])) as unknown[];
    const { url } = startedSchema.parse(message);
    child.once('exit', () => this.#ended());
    this.#onGateway({ name: this.#name, pid: child.pid ?? 0 });
    return url;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnding = true;
    clearTimeout(this.#restart);
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const impatience = setTimeout(() => child.kill('SIGKILL'), END_MS);
    await exited;
    clearTimeout(impatience);
  }

  #ended(): void {
    if (this.#isEnding) return;
    this.#restart = setTimeout(() => {
      // It says why on stderr, and is tried again.
      this.start().catch(() => this.#ended());
    }, RESTART_MS);
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
