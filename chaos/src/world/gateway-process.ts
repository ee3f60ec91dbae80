import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { dyingWithParent } from '@se5/nats-server';
import { z } from 'zod';
import { AHEAD_MS, type ClockMessage } from './clock-message.ts';
import { FollowedFile } from './followed-file.ts';

const COMMAND = fileURLToPath(
  new URL('../../../packages/gateway/src/command/main.ts', import.meta.url),
);
const PRELOADED = ['./die-with-parent.ts', './wall-clock.ts'].map(
  (path) => `--import=${new URL(path, import.meta.url).href}`,
);

/** From the start of the process until clients can connect, on a very busy machine, in ms. */
const START_MS = 600_000;

/** The gateway says of itself that it takes no longer than 5 s. On a busy machine it may, in ms. */
const STOP_MS = 30_000;

/** What no file may grow beyond while the disk is full: smaller than any part of the journal. */
export const FULL_BYTES = 4_096;

/** Of an error that the gateway logs, so many are noted. */
const FRAMES = 3;

const lineSchema = z.looseObject({
  level: z.string(),
  msg: z.string(),
  url: z.string().optional(),
  /** Of what was thrown: its name, and where that was. */
  error: z.string().optional(),
  stack: z.array(z.string()).optional(),
});

const run = promisify(execFile);

export interface GatewayProcessOptions {
  readonly configFile: string;
  /** What the gateway logs is appended here: on the disk of its journal. */
  readonly logFile: string;
  /** How far its clock is ahead from the start, in ms. */
  readonly aheadMs: number;
  /** Told of each line of the log. */
  readonly log: (level: string, message: string) => void;
}

/** The gateway as a user runs it: the command, in a process of its own, with its log in a file. */
export class GatewayProcess implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #closed: Promise<unknown>;
  readonly #endWithUs = () => this.#process.kill('SIGKILL');
  readonly #url = Promise.withResolvers<string>();

  private constructor({ configFile, aheadMs, log }: GatewayProcessOptions, stdout: number) {
    const [program = process.execPath, ...args] = [
      // One that is paused could not end by itself when this process is killed.
      ...dyingWithParent(),
      ...[process.execPath, '--conditions=@se5/source', ...PRELOADED],
      ...[COMMAND, '--config', configFile],
    ];
    const child = spawn(program, args, {
      stdio: ['ignore', stdout, 'pipe', 'ipc'],
      env: {
        ...process.env,
        LOG_LEVEL: 'info',
        NODE_ENV: 'production',
        [AHEAD_MS]: String(aheadMs),
      },
    });
    this.#process = child;
    this.#closed = once(child, 'close');
    process.on('exit', this.#endWithUs);
    this.#url.promise.catch(() => undefined);
    child.on('exit', () => {
      process.off('exit', this.#endWithUs);
      this.#url.reject(new Error(`the gateway's process ended with ${this.end}`));
    });
    if (child.stderr) createInterface(child.stderr).on('line', (line) => log('error', line));
  }

  /** Settles when clients can connect. */
  static async start(options: GatewayProcessOptions): Promise<GatewayProcess> {
    const stdout = await open(options.logFile, 'a');
    const log = await FollowedFile.follow(options.logFile, (line) => gateway.#read(line, options));
    const gateway = new GatewayProcess(options, stdout.fd);
    void gateway.#closed.then(() => log[Symbol.asyncDispose]());
    await stdout.close();
    const impatience = setTimeout(
      () => gateway.#url.reject(new Error(`the gateway did not start within ${START_MS} ms`)),
      START_MS,
    );
    try {
      await gateway.#url.promise;
      return gateway;
    } catch (error) {
      await gateway.kill();
      throw error;
    } finally {
      clearTimeout(impatience);
    }
  }

  async port(): Promise<number> {
    return Number(new URL(await this.#url.promise).port);
  }

  /** Undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Settles when the process has ended, for whatever reason. */
  get closed(): Promise<unknown> {
    return this.#closed;
  }

  /** The signal or the exit code with which it ended; undefined while it runs. */
  get end(): string | undefined {
    const { signalCode, exitCode } = this.#process;
    return signalCode ?? exitCode?.toString();
  }

  /** kill -9. Settles when the process is gone. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#closed;
  }

  /** SIGSTOP: connections stay open, and nothing is answered until `resume`. */
  pause(): void {
    this.#process.kill('SIGSTOP');
  }

  /** SIGCONT. */
  resume(): void {
    this.#process.kill('SIGCONT');
  }

  /** SIGTERM. Settles when the process is gone: by SIGKILL when it does not end by itself. */
  async stop(): Promise<void> {
    this.#process.kill('SIGTERM');
    const impatience = setTimeout(this.#endWithUs, STOP_MS);
    await this.#closed;
    clearTimeout(impatience);
  }

  /**
   * From now on every write that makes a file longer than a page fails with EFBIG (Node ignores
   * the signal that comes with it), or no more. Without root, and on any file system.
   */
  async fillDisk(isFull: boolean): Promise<void> {
    const { pid } = this.#process;
    if (pid === undefined || this.end !== undefined) return;
    const limit = isFull ? FULL_BYTES : 'unlimited';
    // It may have been killed in the meantime; then its disk is of no interest any more.
    await run('prlimit', ['--pid', String(pid), `--fsize=${limit}:`]).catch(() => undefined);
  }

  /** Settles when the clock of the process has been set, or the process has ended. */
  async setClock(aheadMs: number): Promise<void> {
    const child = this.#process;
    if (!child.connected) return;
    const answered = new AbortController();
    const answer = once(child, 'message', { signal: answered.signal }).catch(() => undefined);
    // It may end in between; then the next process starts with this clock.
    child.send({ aheadMs } satisfies ClockMessage, () => undefined);
    await Promise.race([answer, this.#closed]);
    answered.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.end === undefined) await this.kill();
  }

  #read(text: string, { log }: GatewayProcessOptions): void {
    const { success, data: line } = lineSchema.safeParse(parsed(text));
    if (!success) {
      // A disk that was full has taken a part of a line.
      log('torn', text);
      return;
    }
    if (line.url !== undefined) this.#url.resolve(line.url);
    const { level, msg, error, stack = [] } = line;
    log(level, error === undefined ? msg : [msg, error, ...stack.slice(0, FRAMES)].join(' | '));
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
