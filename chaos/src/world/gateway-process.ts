import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';

const COMMAND = fileURLToPath(
  new URL('../../../packages/gateway/src/command/main.ts', import.meta.url),
);
const GUARD = new URL('./die-with-parent.ts', import.meta.url).href;

/** From the start of the process until clients can connect, on a busy machine, in ms. */
const START_MS = 30_000;

/** The gateway says of itself that it takes no longer than 5 s. */
const STOP_MS = 10_000;

/** What no file may grow beyond while the disk is full: smaller than any part of the journal. */
const FULL_BYTES = 4_096;

const lineSchema = z.looseObject({
  level: z.string(),
  msg: z.string(),
  url: z.string().optional(),
});

const run = promisify(execFile);

/** Told of each line of the log that is no mere information. */
export type LogListener = (level: string, message: string) => void;

/** The gateway as a user runs it: the command, in a process of its own. */
export class GatewayProcess implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #closed: Promise<unknown>;
  readonly #endWithUs = () => this.#process.kill('SIGKILL');
  readonly #url = Promise.withResolvers<string>();

  private constructor(configFile: string, log: LogListener) {
    const args = ['--conditions=@se5/source', `--import=${GUARD}`, COMMAND, '--config', configFile];
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, LOG_LEVEL: 'info', NODE_ENV: 'production' },
    });
    this.#process = child;
    this.#closed = once(child, 'close');
    process.on('exit', this.#endWithUs);
    child.on('exit', (code, signal) => {
      process.off('exit', this.#endWithUs);
      const how = `the gateway's process ended with ${signal ?? code}`;
      if (signal !== 'SIGKILL' && code !== 0) log('error', how);
      this.#url.reject(new Error(how));
    });
    if (child.stdout) createInterface(child.stdout).on('line', (line) => this.#read(line, log));
    if (child.stderr) createInterface(child.stderr).on('line', (line) => log('error', line));
  }

  /** Settles when clients can connect. */
  static async start(configFile: string, log: LogListener): Promise<GatewayProcess> {
    const gateway = new GatewayProcess(configFile, log);
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

  /** kill -9. Settles when the process is gone. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#closed;
  }

  /** SIGTERM. @throws {Error} when it does not end by itself, or not well. */
  async stop(): Promise<void> {
    this.#process.kill('SIGTERM');
    const impatience = setTimeout(this.#endWithUs, STOP_MS);
    await this.#closed;
    clearTimeout(impatience);
    if (this.#process.exitCode !== 0) {
      const how = this.#process.signalCode ?? this.#process.exitCode;
      throw new Error(`the gateway did not stop by itself: ${how}`);
    }
  }

  /**
   * From now on every write that makes a file longer than a page fails with EFBIG (Node ignores
   * the signal that comes with it), or no more. Without root, and on any file system.
   */
  async fillDisk(isFull: boolean): Promise<void> {
    const { pid, exitCode, signalCode } = this.#process;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const limit = isFull ? FULL_BYTES : 'unlimited';
    // It may have been killed in the meantime; then its disk is of no interest any more.
    await run('prlimit', ['--pid', String(pid), `--fsize=${limit}:`]).catch(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) await this.kill();
  }

  #read(text: string, log: LogListener): void {
    const line = lineSchema.parse(JSON.parse(text));
    if (line.url !== undefined) this.#url.resolve(line.url);
    log(line.level, line.msg);
  }
}
