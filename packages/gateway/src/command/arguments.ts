import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { ErasureTarget } from '../privacy/erasure-target.ts';

export type Command =
  | { readonly name: 'run' | 'check'; readonly config: string }
  | { readonly name: 'erase'; readonly config: string; readonly target: ErasureTarget }
  | { readonly name: 'cluster'; readonly config: string; readonly isJson: boolean }
  | { readonly name: 'schema' | 'version' | 'help' };

export const HELP = `GraphQL queries and live subscriptions over many Sophon SE5 face-recognition boxes.

Usage: se5-gateway --config FILE [--check]
       se5-gateway erase (--identity ID | --before TIME) --config FILE
       se5-gateway cluster --config FILE [--json]

  -c, --config FILE  the configuration, in YAML
      --check        only check the configuration
      --schema       print the configuration's JSON Schema, for editors
  -v, --version      print the version
  -h, --help         print this

erase forgets the keys of a person, or of all days before a time, and deletes their events and
pictures, whether the gateway runs or not. It asks no questions. Exit codes: 0 when the erasure is
done, 1 when something is left or it failed, 2 when --identity found nobody with that id.

      --identity ID  all of one person, by the box's id, on all boxes
      --before TIME  everything older: 2026-01-31, or 2026-01-31T08:00:00+08:00

cluster shows the gateways that share the log of journal.nats, which boxes they listen to, and what
looks wrong. It changes nothing. Exit codes: 0 when nothing looks wrong, 1 when it could not look,
2 when something looks wrong.

      --json         print the same as JSON

LOG_LEVEL (fatal, error, warn, info, debug, trace or silent; default info) sets the level of the
log: lines of JSON on stdout, or readable ones in a terminal. SIGINT and SIGTERM stop the gateway.`;

/** What the user typed is no command; the message says what to type. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws {UsageError} on anything that is not in HELP. */
export function parseCommand(argv: readonly string[]): Command {
  const { values, words } = readOptions(argv);
  const { help, version, schema, check, config, identity, before, json = false } = values;
  if (help) return { name: 'help' };
  if (version) return { name: 'version' };
  if (schema) return { name: 'schema' };
  const [word] = words;
  const verb = word === 'erase' || word === 'cluster' ? word : 'run';
  const unexpected = words[verb === 'run' ? 0 : 1];
  if (unexpected !== undefined) {
    throw new UsageError(`Unexpected argument '${unexpected}'; --help tells more`);
  }
  if (!config) throw new UsageError('--config FILE is missing; --help tells more');
  if (verb !== 'erase' && (identity !== undefined || before !== undefined)) {
    throw new UsageError('--identity and --before belong to erase; --help tells more');
  }
  if (verb !== 'cluster' && json) {
    throw new UsageError('--json belongs to cluster; --help tells more');
  }
  if (verb === 'erase') return { name: 'erase', config, target: erasureTarget(identity, before) };
  if (verb === 'cluster') return { name: 'cluster', config, isJson: json };
  return { name: check ? 'check' : 'run', config };
}

/** A day begins at midnight UTC. */
const timeSchema = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

function erasureTarget(identityId: string | undefined, before: string | undefined): ErasureTarget {
  if ((identityId === undefined) === (before === undefined)) {
    throw new UsageError('erase takes --identity ID or --before TIME; --help tells more');
  }
  if (before === undefined) {
    // Strangers have none: this would be all of them.
    if (!identityId)
      throw new UsageError('--identity is empty; it takes the id of one person; --help tells more');
    return { kind: 'identity', identityId };
  }
  const time = timeSchema.safeParse(before);
  if (!time.success) {
    throw new UsageError(
      `--before is "${before}"; allowed: a day such as 2026-01-31, or a time with its zone such as 2026-01-31T08:00:00Z; --help tells more`,
    );
  }
  return { kind: 'before', time: Date.parse(time.data) };
}

function readOptions(argv: readonly string[]) {
  try {
    const { values, positionals: words } = parseArgs({
      // `pnpm gateway -- --config FILE` hands the dashes on.
      args: argv[0] === '--' ? argv.slice(1) : [...argv],
      options: {
        config: { type: 'string', short: 'c' },
        check: { type: 'boolean' },
        schema: { type: 'boolean' },
        version: { type: 'boolean', short: 'v' },
        help: { type: 'boolean', short: 'h' },
        identity: { type: 'string' },
        before: { type: 'string' },
        json: { type: 'boolean' },
      },
      allowPositionals: true,
    });
    return { values, words };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${message.replace(/\.? To specify.*$/s, '')}; --help tells more`);
  }
}
