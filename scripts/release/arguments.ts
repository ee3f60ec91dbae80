import { parseArgs } from 'node:util';

export interface Arguments {
  /** Check everything, publish nothing. */
  readonly dryRun: boolean;
  /** Ask no registry: the dependencies of the packages are those of this checkout. */
  readonly offline: boolean;
}

const USAGE = `Usage: pnpm release [--dry-run [--offline]]

Checks the public packages as npm would get them, and publishes them.

  --dry-run  publish nothing
  --offline  take the dependencies from this checkout instead of the registry`;

/** What the user typed is no command; the message says what to type. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  constructor(problem: string, options?: ErrorOptions) {
    super(`${problem}\n\n${USAGE}`, options);
  }
}

const OPTIONS = {
  'dry-run': { type: 'boolean', default: false },
  offline: { type: 'boolean', default: false },
} as const;

/** @throws {UsageError} on anything that the usage does not name. */
export function parseArguments(argv: readonly string[]): Arguments {
  const { 'dry-run': dryRun, offline } = readOptions(argv);
  if (offline && !dryRun) {
    throw new UsageError('--offline needs --dry-run: to publish takes a registry');
  }
  return { dryRun, offline };
}

function readOptions(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
