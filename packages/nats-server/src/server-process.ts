import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { dyingWithParent } from './dying-with-parent.ts';
import type { ServerLog } from './server-log.ts';

/** Ends the wait for a server that hangs at its start, in ms. */
const START_MS = 120_000;

/** One run of a nats-server. It does not outlive this process. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #ready = Promise.withResolvers<void>();

  private constructor(path: string, configFile: string, log: ServerLog) {
    const [program, ...args] = [...dyingWithParent(), path, '-c', configFile];
    // A group of its own: Ctrl-C reaches the gateways, which still need their log while they stop.
    const child = spawn(program, args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    this.#child = child;
    this.#ended = once(child, 'close').catch((error: unknown) => log.add(String(error)));
    endWithUs(child);
    createInterface(child.stderr).on('line', (line) => {
      log.add(line);
      if (line.endsWith('Server is ready')) this.#ready.resolve();
    });
    void this.#ended.then(() => this.#ready.reject(new Error('nats-server ended at its start')));
  }

  /**
   * Settles when clients can connect.
   *
   * @throws {Error} with the log, when the server ends instead.
   */
  static async start(path: string, configFile: string, log: ServerLog): Promise<ServerProcess> {
    const server = new ServerProcess(path, configFile, log);
    const impatience = setTimeout(
      () => server.#ready.reject(new Error(`nats-server did not start within ${START_MS} ms`)),
      START_MS,
    );
    try {
      await server.#ready.promise;
      return server;
    } catch (error) {
      await server.kill();
      throw new Error(`${String(error)}; its log:\n${log.text}`, { cause: error });
    } finally {
      clearTimeout(impatience);
    }
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isRunning(): boolean {
    const { pid, exitCode, signalCode } = this.#child;
    return pid !== undefined && exitCode === null && signalCode === null;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** SIGKILL, which also ends a suspended process. Settles when the process is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}

const running = new Set<ChildProcess>();

const killAll = (): void => {
  for (const child of running) child.kill('SIGKILL');
};

/** Kills the child when this process exits by itself. */
function endWithUs(child: ChildProcess): void {
  if (running.size === 0) process.on('exit', killAll);
  running.add(child);
  child.on('close', () => {
    running.delete(child);
    if (running.size === 0) process.off('exit', killAll);
  });
}
