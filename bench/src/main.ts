import { readArguments, USAGE } from './arguments.ts';
import type { Figure } from './figures/figure.ts';
import { FIGURES } from './figures/index.ts';
import { describeMachine, takeCore } from './machine.ts';
import { FULL, QUICK } from './plan.ts';
import type { Measurement } from './report/measurement.ts';
import { documentLatest, tablesOf } from './report/page.ts';
import { writeLatest } from './report/results.ts';

// By default nothing in this process ends in an orderly way.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

/** Far more than all figures take together: whatever hangs, the bench ends. */
const LIMIT_MINUTES = 60;
setTimeout(() => {
  console.error(`The bench did not end within ${LIMIT_MINUTES} minutes.`);
  process.exit(1);
}, LIMIT_MINUTES * 60_000).unref();

try {
  const { quick, figures, document, help } = readArguments(process.argv.slice(2));
  if (help) console.log(USAGE);
  else if (document) documentLatest();
  else await measure(quick, figures);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** A figure that can't be measured does not keep the others from being measured. */
async function measure(quick: boolean, figures: readonly Figure[]): Promise<void> {
  const plan = quick ? QUICK : FULL;
  const core = takeCore();
  if (core === undefined) console.error('no core for the servers alone: no taskset, or one core');
  const measurements: Measurement[] = [];
  for (const figure of figures) {
    try {
      measurements.push(...(await figure.measure({ plan, core, log: console.error })));
    } catch (error) {
      console.error(`${figure.name} could not be measured:`, error);
      process.exitCode = 1;
    }
  }
  console.log(tablesOf(measurements));
  if (process.exitCode === 1) return;

  console.log('\nEvery delivery was counted: all that was expected came.');
  if (quick || figures.length < FIGURES.length) return;
  writeLatest({
    recordedAt: new Date().toISOString(),
    machine: describeMachine(core !== undefined),
    rounds: plan.rounds,
    measurements,
  });
  documentLatest();
}
