import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArguments, USAGE } from './arguments.ts';
import { failures, figures } from './report.ts';
import { runChaos } from './run.ts';

/** For a box to be tried again, for all that it has to be read, and for all clients to have it. */
const settleMsAfter = (seconds: number): number => 300_000 + 1_000 * seconds;

/** Beside the faults and the settling, for the start and the verdict: whatever hangs, it ends. */
const SLACK_MS = 300_000;

// By default nobody would end the gateway.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exitCode = 1;
}

/** @returns 0 when all that was promised was kept. */
async function main(args: readonly string[]): Promise<number> {
  const { seconds, seed, help } = readArguments(args);
  if (help) {
    console.log(USAGE);
    return 0;
  }
  const settleMs = settleMsAfter(seconds);
  setTimeout(
    () => {
      console.error('The run did not end in time.');
      process.exit(1);
    },
    seconds * 1_000 + settleMs + SLACK_MS,
  ).unref();
  console.log(`seed ${seed}, ${seconds} seconds`);
  const result = await runChaos({ seed, seconds, settleMs, log: console.error });
  console.log(figures(result));
  if (result.findings.length === 0) {
    console.log('All that was promised was kept.');
    return 0;
  }
  console.log(failures(result));
  const path = join(tmpdir(), `se5-chaos-${seed}.log`);
  await writeFile(path, `${result.timeline.lines().join('\n')}\n`);
  console.log(`All that happened: ${path}`);
  console.log(`Again: pnpm chaos --seconds ${seconds} --seed ${seed}`);
  return 1;
}
