import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';

const COMMAND = new URL('../src/command.ts', import.meta.url).pathname;
const exitSchema = z.tuple([z.number().nullable(), z.string().nullable()]);

/** `simulate` as its own process, as the root script starts it. */
export class Command implements AsyncDisposable {
  readonly process: ChildProcess;
  stdout = '';
  stderr = '';
  readonly #exited: Promise<unknown>;

  /** @param output Where stdout goes. Default: a pipe that is read. */
  constructor(args: readonly string[], output: 'pipe' | number = 'pipe') {
    this.process = spawn(process.execPath, ['--conditions=@se5/source', COMMAND, ...args], {
      stdio: ['ignore', output, 'pipe'],
    });
    this.#exited = once(this.process, 'close');
    this.process.stdout?.on('data', (data) => {
      this.stdout += String(data);
    });
    this.process.stderr?.on('data', (data) => {
      this.stderr += String(data);
    });
  }

  /** The ports, once it has said on which it listens. */
  async ports(): Promise<{ readonly eventPort: string; readonly apiPort: string }> {
    for (;;) {
      const { groups } =
        /ws:\/\/127\.0\.0\.1:(?<eventPort>\d+)\n.*http:\/\/127\.0\.0\.1:(?<apiPort>\d+)\//.exec(
          this.stdout,
        ) ?? {};
      const { eventPort, apiPort } = groups ?? {};
      if (eventPort !== undefined && apiPort !== undefined) return { eventPort, apiPort };
      const { stdout } = this.process;
      if (!stdout) throw new Error('what simulate prints is not read here');
      const ended = await Promise.race([
        once(stdout, 'data').then(() => false),
        this.#exited.then(() => true),
      ]);
      if (ended) throw new Error(`simulate ended without a port: ${this.stderr}`);
    }
  }

  /** Its exit code; null when a signal killed it. */
  async exit(): Promise<number | null> {
    const [code] = exitSchema.parse(await this.#exited);
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill('SIGKILL');
    await this.#exited;
  }
}
