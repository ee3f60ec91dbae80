import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { ContenderMethods } from '../../src/contenders/host.ts';
import { Child } from '../../src/process/child.ts';
import { parseCpuList } from '../../src/process/cores.ts';

const BARE = new URL('../../src/contenders/bare.ts', import.meta.url);
const PARENT = fileURLToPath(new URL('./parent.ts', import.meta.url));

describe('a child process', () => {
  test('answers, and what a method throws is told with the name of the process', async () => {
    await using child = new Child<ContenderMethods>(BARE, { core: undefined });
    const usage = await child.call('usage');
    expect(usage.cpuMicros).toBeGreaterThan(0);
    await expect(child.call('stopProfile')).rejects.toThrow(
      /contenders\/bare\.ts.*no profile was started/,
    );
  });

  test('can be asked for memory, with collections beforehand', async () => {
    await using child = new Child<ContenderMethods>(BARE, { core: undefined });
    const { rss, heapUsed } = await child.call('settledMemory');
    expect(rss).toBeGreaterThan(heapUsed);
  });

  test('that is disposed of answers no more', async () => {
    const child = new Child<ContenderMethods>(BARE, { core: undefined });
    await child.call('usage');
    await child[Symbol.asyncDispose]();
    await expect(child.call('usage')).rejects.toThrow(/is not running/);
  });
});

const isGone = (pid: number): boolean => {
  if (!existsSync(`/proc/${pid}/stat`)) return true;
  // One that nobody has waited for yet is gone all the same.
  return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
};

describe.runIf(existsSync('/proc/self/stat'))('a parent leaves no child behind', () => {
  test.each(['SIGTERM', 'SIGKILL'] as const)('when it is ended by %s', async (signal) => {
    const parent = spawn(process.execPath, [PARENT], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(parent, 'exit');
    const [child] = await once(createInterface(parent.stdout), 'line');
    expect(isGone(Number(child))).toBe(false);

    parent.kill(signal);
    await exited;
    await expect.poll(() => isGone(Number(child))).toBe(true);
  });
});

test('a list of cores is read with its ranges', () => {
  expect(parseCpuList(' 0,2-4,7\n')).toEqual([0, 2, 3, 4, 7]);
});
