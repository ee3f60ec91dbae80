import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { z } from 'zod';
import type { Cores } from '../process/cores.ts';

/** On what the figures were measured; nothing in it names the machine or its owner. */
export const machineSchema = z.object({
  cpu: z.string(),
  cores: z.int(),
  /** Whether server and load had a core each to themselves. */
  pinned: z.boolean(),
  /** Files and sockets that a process may have open; null when there is no limit. */
  openFiles: z.int().nullable(),
  node: z.string(),
  /** Of the sources; ends in `+` when they had changes besides. */
  commit: z.string(),
});

export type Machine = z.infer<typeof machineSchema>;

export function describeMachine(cores: Cores, openFiles: number): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    pinned: cores.load !== undefined,
    openFiles: Number.isFinite(openFiles) ? openFiles : null,
    node: process.version,
    commit: commit(),
  };
}

function commit(): string {
  const git = (...args: string[]) => spawnSync('git', args, { encoding: 'utf8' });
  const { status, stdout } = git('rev-parse', '--short=12', 'HEAD');
  if (status !== 0) return 'unknown';
  const changes = git(
    'status',
    '--porcelain',
    '--untracked-files=no',
    '--',
    'packages',
    'bench/src',
  );
  return stdout.trim() + (changes.stdout === '' ? '' : '+');
}
