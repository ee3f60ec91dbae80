import { readArguments, usage } from './arguments.ts';
import { FIGURES } from './figures/index.ts';
import { LATEST, PARTIAL } from './files.ts';
import { FULL, QUICK } from './plan.ts';
import { documentLatest } from './report/document.ts';
import { writeResults } from './report/results.ts';
import { formatTable } from './report/table.ts';
import { runBench } from './run.ts';

// By default nobody would end the children.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

/** Far more than all figures take together: whatever hangs, the bench ends. */
const LIMIT_MINUTES = 40;
setTimeout(() => {
  console.error(`The bench did not end within ${LIMIT_MINUTES} minutes.`);
  process.exit(1);
}, LIMIT_MINUTES * 60_000).unref();

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** @returns 0 when all was measured, whatever the figures are. */
async function main(args: readonly string[]): Promise<number> {
  const { quick, figures, help } = readArguments(args, FIGURES);
  if (help) {
    console.log(usage(FIGURES));
    return 0;
  }
  const results = await runBench({
    plan: quick ? QUICK : FULL,
    figures,
    command: ['pnpm bench', ...args].join(' '),
    log: (line) => console.error(line),
  });
  console.log(formatTable(results.measurements));
  const failures = Object.entries(results.failures);
  for (const [figure, reason] of failures)
    console.log(`${figure} could not be measured: ${reason}`);
  if (failures.length === 0) console.log('Every delivery was counted: all that was expected came.');

  const isRecorded = !quick && figures.length === FIGURES.length && failures.length === 0;
  writeResults(isRecorded ? LATEST : PARTIAL, results);
  if (isRecorded) documentLatest();
  return failures.length === 0 ? 0 : 1;
}
