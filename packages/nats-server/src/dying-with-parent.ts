import { spawnSync } from 'node:child_process';

let prefix: readonly string[] | undefined;

/**
 * Words to put before the command of a child, so that the kernel kills the child when this process
 * is killed. None where there is no util-linux.
 */
export function dyingWithParent(): readonly string[] {
  const words = ['setpriv', '--pdeathsig', 'KILL', '--'];
  prefix ??= spawnSync('setpriv', [...words.slice(1), 'true']).status === 0 ? words : [];
  return prefix;
}
