import { spawnSync } from 'node:child_process';

/** A command that could not be started, or that failed. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  /** What it printed, on stdout and then on stderr. */
  readonly output: string;

  constructor(message: string, output: string, options?: ErrorOptions) {
    super(`${message}\n${output}`.trimEnd(), options);
    this.output = output;
  }
}

/**
 * Runs a command to its end, and returns its stdout.
 *
 * @throws {CommandError} when it can't be started, dies of a signal or exits with another code
 * than 0.
 */
export function run(command: string, args: readonly string[], cwd: string): string {
  const { status, signal, error, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  if (status === 0) return stdout;
  const line = [command, ...args].join(' ');
  if (error !== undefined) {
    throw new CommandError(
      `\`${line}\` can't be started (${error.message}): ${command} has to be on the PATH`,
      '',
      { cause: error },
    );
  }
  const end = signal === null ? `exit code ${status}` : signal;
  throw new CommandError(`\`${line}\` ended with ${end}:`, `${stdout}${stderr}`);
}

/**
 * Runs a command to its end, with the terminal of this process.
 *
 * @throws {CommandError} as {@link run} does.
 */
export function show(command: string, args: readonly string[], cwd: string): void {
  const { status, signal, error } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (status === 0) return;
  const line = [command, ...args].join(' ');
  const end = error?.message ?? signal ?? `exit code ${status}`;
  throw new CommandError(`\`${line}\` ended with ${end}`, '', { cause: error });
}
