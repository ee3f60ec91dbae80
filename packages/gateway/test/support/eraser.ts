import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Erased {
  readonly code: number;
  /** The lines that it printed. */
  readonly said: string;
}

const MODULE = fileURLToPath(new URL('./eraser-process.ts', import.meta.url));

/**
 * Runs `erase` again and again in one process that is not the gateway's: SQLite's locks are no
 * locks within a process. To start one for each would take most of a test's time.
 */
export class Eraser implements AsyncDisposable {
  readonly #child: ChildProcess = fork(MODULE, { execArgv: ['--conditions=@se5/source'] });

  /** @param args What follows `erase`. @throws when the process ends before it answers. */
  async erase(...args: readonly string[]): Promise<Erased> {
    const answer = Promise.race([
      once(this.#child, 'message'),
      once(this.#child, 'exit').then(([code]) => {
        throw new Error(`the process that erases ended with ${code}`);
      }),
    ]);
    this.#child.send(['erase', ...args]);
    const [erased] = await answer;
    return erased as Erased;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exit = once(this.#child, 'exit');
    this.#child.kill();
    await exit;
  }
}
