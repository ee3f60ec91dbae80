import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { z } from 'zod';
import manifest from '../package.json' with { type: 'json' };

const COMPARED = ['ws', 'graphql', 'graphql-yoga', 'graphql-ws', 'mercurius'] as const;

/** The machine of a run; nothing in it names the machine or its owner. */
export const machineSchema = z.object({
  cpu: z.string(),
  cores: z.int(),
  /** Whether server and load had a core each to themselves. */
  pinned: z.boolean(),
  node: z.string(),
  /** Of what is compared, by name. */
  versions: z.record(z.string(), z.string()),
  /** Of the sources; ends in `+` when they had changes besides. */
  commit: z.string(),
});

export const describeMachine = (pinned: boolean): z.infer<typeof machineSchema> => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  pinned,
  node: process.version,
  versions: Object.fromEntries(COMPARED.map((name) => [name, manifest.dependencies[name]])),
  commit: commit(),
});

function commit(): string {
  const git = (...args: string[]) => spawnSync('git', args, { encoding: 'utf8' });
  const { status, stdout } = git('rev-parse', '--short=12', 'HEAD');
  if (status !== 0) return 'unknown';
  const isClean = git('diff', '--quiet', 'HEAD', '--', ':/packages', ':/bench/src').status === 0;
  return stdout.trim() + (isClean ? '' : '+');
}

/**
 * Keeps this process, which makes the load, on one core.
 *
 * @returns another core, for the servers; undefined without `taskset` or a second core.
 */
export function takeCore(): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const status = readFileSync('/proc/self/status', 'utf8');
  // Of a list such as `0-3` or `0,2-4`, the first two numbers are cores that are allowed.
  const [, server, load] = /^Cpus_allowed_list:\s*(\d+)[-,](\d+)/m.exec(status) ?? [];
  if (load === undefined) return undefined;
  const pin = ['--all-tasks', '--cpu-list', '--pid', load, String(process.pid)];
  return spawnSync('taskset', pin).status === 0 ? Number(server) : undefined;
}
