import { parseArgs } from 'node:util';

export type Command =
  | { readonly name: 'run' | 'check'; readonly config: string }
  | { readonly name: 'schema' | 'version' | 'help' };

export const HELP = `GraphQL queries and live subscriptions over many Sophon SE5 face-recognition boxes.

Usage: se5-gateway --config FILE [--check]

  -c, --config FILE  the configuration, in YAML
      --check        only tell whether the configuration is valid
      --schema       print the configuration's JSON Schema, for editors
  -v, --version      print the version
  -h, --help         print this

LOG_LEVEL (fatal, error, warn, info, debug, trace or silent; default info) sets how much is
logged: lines of JSON on stdout, or readable ones in a terminal. SIGINT and SIGTERM stop it.`;

/** What the user typed is no command; the message says what to type. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws {UsageError} on anything that is not in HELP. */
export function parseCommand(argv: readonly string[]): Command {
  const { help, version, schema, check, config } = readOptions(argv);
  if (help) return { name: 'help' };
  if (version) return { name: 'version' };
  if (schema) return { name: 'schema' };
  if (!config) throw new UsageError('--config FILE is missing; --help tells more');
  return { name: check ? 'check' : 'run', config };
}

function readOptions(argv: readonly string[]) {
  try {
    const { values } = parseArgs({
      // `pnpm gateway -- --config FILE` hands the dashes on.
      args: argv[0] === '--' ? argv.slice(1) : [...argv],
      options: {
        config: { type: 'string', short: 'c' },
        check: { type: 'boolean' },
        schema: { type: 'boolean' },
        version: { type: 'boolean', short: 'v' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    return values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${message.replace(/\.? To specify.*$/s, '')}; --help tells more`);
  }
}
