import { spawnSync } from 'node:child_process';

/**
 * How many files and sockets a child process may have open. Node raises its own soft limit to
 * the hard one as it starts, and its children inherit that.
 */
export function openFileLimit(): number {
  const { stdout } = spawnSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' });
  const limit = Number(stdout);
  return Number.isNaN(limit) ? Number.POSITIVE_INFINITY : limit;
}
