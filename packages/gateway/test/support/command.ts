import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const MAIN = fileURLToPath(new URL('../../src/command/main.ts', import.meta.url));

const lineSchema = z.looseObject({
  level: z.string(),
  time: z.string(),
  msg: z.string(),
  box: z.string().optional(),
  url: z.string().optional(),
});
export type LogRecord = z.infer<typeof lineSchema>;

/** The gateway's command as a process of its own. */
export class Command implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  #output = '';
  #errors = '';

  /** @param output Where stdout and stderr go. Default: pipes that are read. */
  constructor(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    output: readonly ['pipe' | number, 'pipe' | number] = ['pipe', 'pipe'],
  ) {
    this.#child = spawn(process.execPath, ['--conditions=@se5/source', MAIN, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', ...output],
    });
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.#output += chunk;
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#errors += chunk;
    });
    this.#closed = once(this.#child, 'close');
  }

  get stdout(): string {
    return this.#output;
  }

  get stderr(): string {
    return this.#errors;
  }

  /** The lines of the log so far. */
  get log(): readonly LogRecord[] {
    return this.#output
      .split('\n')
      .slice(0, -1)
      .map((line) => lineSchema.parse(JSON.parse(line)));
  }

  /** The process's exit code, once it has ended and all it said is there. */
  async exitCode(): Promise<number | null> {
    await this.#closed;
    return this.#child.exitCode;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** From now on nobody reads what it prints. */
  stopReading(): void {
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Settles when the log has such a line. @throws when the process ends before. */
  async logged(find: (line: LogRecord) => boolean): Promise<LogRecord> {
    for (;;) {
      const line = this.log.find(find);
      if (line) return line;
      const { stdout, exitCode, signalCode } = this.#child;
      if (exitCode !== null || signalCode !== null || !stdout) {
        throw new Error(`ended: ${this.#errors}`);
      }
      await Promise.race([once(stdout, 'data'), this.#closed]);
    }
  }

  /** Where it listens, once it does. */
  async url(): Promise<string> {
    return (await this.logged(({ url }) => url !== undefined)).url ?? '';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#closed;
  }
}
