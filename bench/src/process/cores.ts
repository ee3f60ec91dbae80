import { spawnSync } from 'node:child_process';

/** Who runs where. Undefined: wherever the system likes, and figures are noisier for it. */
export interface Cores {
  readonly server: number | undefined;
  readonly load: number | undefined;
}

/** A core for the server and another for the load, when `taskset` is there and two are allowed. */
export function chooseCores(): Cores {
  const { status, stdout } = spawnSync('taskset', ['--cpu-list', '--pid', String(process.pid)], {
    encoding: 'utf8',
  });
  const [server, load] = status === 0 ? parseCpuList(stdout.split(':').at(-1) ?? '') : [];
  return load === undefined ? { server: undefined, load: undefined } : { server, load };
}

/** `0,2-4` → 0, 2, 3, 4. */
export const parseCpuList = (list: string): number[] =>
  list.split(',').flatMap((range) => {
    const [first = Number.NaN, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
