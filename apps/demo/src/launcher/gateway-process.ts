import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { UsageError } from './arguments.ts';
import type { GatewayAnswer, GatewayOrder } from './cluster-gateway.ts';

/** A gateway that was killed is started again after so long, in ms. */
const RESTART_MS = 10_000;

/** For a gateway to hand its boxes over and end, in ms; then it is killed. */
const END_MS = 3_000;

const answerSchema: z.ZodType<GatewayAnswer> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started'), url: z.string() }),
  z.object({ kind: z.literal('failed'), code: z.string().nullable(), message: z.string() }),
]);

export interface GatewayProcessOptions {
  readonly name: string;
  readonly port: number;
  readonly order: GatewayOrder;
  /** Told when it runs: at first, and again after it was killed. */
  readonly started: (gateway: { readonly name: string; readonly pid: number }) => void;
  /** Told why it does not come back; it is tried again after 10 s. */
  readonly failed: (error: unknown) => void;
}

/** A gateway in a process of its own, which comes back when it is killed. */
export class GatewayProcess implements AsyncDisposable {
  readonly #options: GatewayProcessOptions;
  #process: ChildProcess | undefined;
  #restart: NodeJS.Timeout | undefined;
  #isEnding = false;

  constructor(options: GatewayProcessOptions) {
    this.#options = options;
  }

  /**
   * @returns its address.
   * @throws {UsageError} when its port is taken; another error when it can't start otherwise.
   */
  async start(): Promise<string> {
    const { name, port, order, started } = this.#options;
    const module = fileURLToPath(new URL('./cluster-gateway.ts', import.meta.url));
    const child = fork(module, { execArgv: ['--conditions=@se5/source'] });
    this.#process = child;
    child.send(order);
    const ended = once(child, 'exit').then(([code, signal]) => {
      throw new Error(`${name} ended with ${signal ?? code}`);
    });
    ended.catch(() => {});
    const [message] = (await Promise.race([once(child, 'message'), ended])) as unknown[];
    const answer = answerSchema.parse(message);
    if (answer.kind === 'failed') {
      child.kill();
      if (answer.code !== 'EADDRINUSE') throw new Error(`${name}: ${answer.message}`);
      throw new UsageError(
        `port ${port} is taken by another process; --cluster takes PORT and the next two, so choose others with PORT=N in front`,
      );
    }
    child.once('exit', () => this.#ended());
    started({ name, pid: child.pid ?? 0 });
    return answer.url;
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
      this.start().catch((error: unknown) => {
        this.#options.failed(error);
        this.#ended();
      });
    }, RESTART_MS);
  }
}
