import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A documented command, run in the root of the checkout, with all processes that it starts. */
export class FirstProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  /** Settles when nobody holds its output any more: the command and all that it started have ended. */
  readonly #ended: Promise<unknown>;
  #output = '';

  constructor([program = '', ...args]: readonly string[], env: NodeJS.ProcessEnv = process.env) {
    // A group of its own, so that a test that fails leaves nothing behind.
    this.#child = spawn(program, args, {
      cwd: ROOT,
      // npx asks the registry even for installed packages, and retries for a minute.
      env: { ...env, npm_config_prefer_offline: 'true' },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#ended = once(this.#child, 'close');
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output += chunk;
      });
    }
  }

  /** What it and all that it started have printed until now. */
  get output(): string {
    return this.#output;
  }

  /** What the pattern captures, once it is printed. @throws {Error} when all ends before. */
  async printed(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.#output)?.[1];
      if (found !== undefined) return found;
      const { stdout, exitCode, signalCode } = this.#child;
      if (!stdout || exitCode !== null || signalCode !== null) {
        throw new Error(`it ended without printing ${pattern}; it printed:\n${this.#output}`);
      }
      await Promise.race([once(stdout, 'data'), this.#ended]);
    }
  }

  /**
   * Signals the first process alone. Settles with its exit code, or the signal that killed it,
   * when it and all that it started have ended.
   */
  async end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    this.#child.kill(signal);
    await this.#ended;
    return this.#child.exitCode ?? this.#child.signalCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      if (this.#child.pid !== undefined) process.kill(-this.#child.pid, 'SIGKILL');
    } catch {
      // All of it has ended.
    }
    await this.#ended;
  }
}
