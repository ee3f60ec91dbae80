import { execFile } from 'node:child_process';

export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in a directory, to its end. */
export function run(cwd: string, program: string, ...args: readonly string[]): Promise<RunResult> {
  return new Promise((resolve) => {
    const child = execFile(program, args, { cwd }, (_error, stdout, stderr) => {
      resolve({ exitCode: child.exitCode ?? -1, stdout, stderr });
    });
  });
}

/** Runs Node in a directory, to its end. */
export const runNode = (cwd: string, ...args: readonly string[]): Promise<RunResult> =>
  run(cwd, process.execPath, ...args);
