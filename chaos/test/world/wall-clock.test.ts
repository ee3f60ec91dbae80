import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { AHEAD_MS } from '../../src/world/clock-message.ts';

const HOUR_MS = 3_600_000;
const PRELOADED = new URL('../../src/world/wall-clock.ts', import.meta.url).href;

/** Says, each time it is asked, what the clock of the process and that of a thread of it show. */
const PROGRAM = `
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
const times = () => [Date.now(), new Date().getTime(), new Date(0).getTime()];
if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url));
  worker.on('message', (ofThread) => process.send({ ofProcess: times(), ofThread }));
  worker.postMessage('first');
  process.on('message', () => worker.postMessage('again'));
} else {
  parentPort.on('message', () => parentPort.postMessage(times()));
}
`;

const times = z.tuple([z.number(), z.number(), z.number()]);
const answerSchema = z.object({ ofProcess: times, ofThread: times });

it('moves the wall clock of a process and its threads, from its start and while it runs', async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'se5-wall-clock-'));
  stack.defer(() => rm(folder, { recursive: true }));
  const program = join(folder, 'program.mjs');
  await writeFile(program, PROGRAM);
  const child = fork(program, {
    execArgv: [`--import=${PRELOADED}`],
    env: { ...process.env, [AHEAD_MS]: String(HOUR_MS) },
  });
  stack.defer(() => void child.kill());
  const shown = async () => {
    for (;;) {
      const [message] = await once(child, 'message');
      const { success, data } = answerSchema.safeParse(message);
      if (success) return [data.ofProcess, data.ofThread];
    }
  };
  const expectAhead = async (aheadMs: number) => {
    for (const [now, made, epoch] of await shown()) {
      // clock: the clocks differ by hours, and half an hour is no speed of a machine.
      expect(Math.abs(now - Date.now() - aheadMs)).toBeLessThan(HOUR_MS / 2);
      // clock: as above.
      expect(Math.abs(made - Date.now() - aheadMs)).toBeLessThan(HOUR_MS / 2);
      expect(epoch).toBe(0);
    }
  };
  await expectAhead(HOUR_MS);
  child.send({ aheadMs: -2 * HOUR_MS });
  await expectAhead(-2 * HOUR_MS);
});
