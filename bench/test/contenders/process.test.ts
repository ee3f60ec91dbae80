import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { Contender } from '../../src/contenders/process.ts';
import { Boxes } from '../../src/load/boxes.ts';

test('a contender tells what it uses, until its process ends', async () => {
  await using boxes = await Boxes.open();
  await using contender = await Contender.start('bare', boxes, { core: undefined });
  const before = await contender.usage();
  const after = await contender.usage('collect');
  expect(after.cpuMicros).toBeGreaterThan(before.cpuMicros);
  expect(after.peakRss).toBeGreaterThanOrEqual(after.rss);

  process.kill(contender.pid ?? Number.NaN, 'SIGKILL');
  await expect(contender.usage()).rejects.toThrow('the server of bare ended with SIGKILL');
});

/** A parent that starts a contender, tells its pid, and does nothing else. */
const PARENT = `
import { Contender } from ${JSON.stringify(import.meta.resolve('../../src/contenders/process.ts'))};
import { Boxes } from ${JSON.stringify(import.meta.resolve('../../src/load/boxes.ts'))};
const contender = await Contender.start('bare', await Boxes.open(), {});
console.log(contender.pid);
`;

const isGone = (pid: number): boolean =>
  // One that nobody has waited for yet is gone all the same.
  !existsSync(`/proc/${pid}/stat`) || / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));

test.runIf(existsSync('/proc/self/stat')).each(['SIGTERM', 'SIGKILL'] as const)(
  'a parent that %s ends leaves no contender behind',
  async (signal) => {
    const node = ['--conditions=@se5/source', '--input-type=module', '--eval', PARENT];
    const parent = spawn(process.execPath, node, { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(parent, 'exit');
    const [pid] = await once(createInterface(parent.stdout), 'line');
    expect(isGone(Number(pid))).toBe(false);

    parent.kill(signal);
    await exited;
    await expect.poll(() => isGone(Number(pid))).toBe(true);
  },
);
