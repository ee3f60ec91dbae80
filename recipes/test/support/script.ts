import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import type { Project } from './project.ts';
import { TOKEN } from './stage.ts';

/** A script of a recipe that runs until it is ended, or its test is over. */
export interface Script {
  /** The next line that it prints. @throws {Error} when it ends before. */
  line(): Promise<string>;
  /** Reads lines up to one with this text. @throws {Error} when it ends before. */
  printed(text: string): Promise<void>;
  /** Settles with its exit code when it ends by itself. */
  ended(): Promise<number | null>;
  /** Signals it and all that it started; settles when all of it has ended. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Runs a program in a project, with the token in its environment. */
export function startScript({ path }: Project, program: string, ...args: string[]): Script {
  const child = spawn(program, args, {
    cwd: path,
    env: { ...process.env, SE5_TOKEN: TOKEN },
    // A group of its own: a shell starts other programs.
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const line = async (): Promise<string> => {
    const { done, value } = await lines.next();
    if (done) throw new Error(`${program} ${args.join(' ')} has ended`);
    return value;
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const isRunning = child.exitCode === null && child.signalCode === null;
    if (child.pid !== undefined && isRunning) process.kill(-child.pid, signal);
    await closed;
  };
  onTestFinished(() => end('SIGKILL'));
  return {
    line,
    printed: async (text) => {
      for (;;) if ((await line()).includes(text)) return;
    },
    ended: async () => {
      await closed;
      return child.exitCode;
    },
    end,
  };
}
