import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArguments, type Subject, USAGE } from './arguments.ts';
import { runCluster } from './cluster/run.ts';
import type { AttackName } from './hostile/attack.ts';
import { hostileFailures, hostileFigures } from './hostile/report.ts';
import { runHostile } from './hostile/run.ts';
import { failures, figures } from './report.ts';
import { type RunOptions, type RunResult, runChaos } from './run.ts';
import type { Timeline } from './world/timeline.ts';

/** For a box to be tried again, for all that it has to be read, and for all clients to have it. */
const settleMsAfter = (seconds: number): number => 300_000 + 1_000 * seconds;

/** Processes of a cluster that share one machine, where there is one otherwise. */
const GATEWAYS_AND_SERVERS = 6;

/** Beside the faults and the settling, for the start and the verdict: whatever hangs, it ends. */
const SLACK_MS = 600_000;

const HOSTILE_WARM_SECONDS = 5;
const HOSTILE_QUIET_SECONDS = 20;
const HOSTILE_SETTLE_MS = 120_000;

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
  const { subject, seconds, seed, help } = readArguments(args);
  if (help) {
    console.log(USAGE);
    return 0;
  }
  const settleMs = settleMsAfter(seconds) * (subject.kind === 'cluster' ? GATEWAYS_AND_SERVERS : 1);
  setTimeout(
    () => {
      console.error('The run did not end in time.');
      process.exit(1);
    },
    seconds * 1_000 + settleMs + SLACK_MS,
  ).unref();
  console.log(`seed ${seed}, ${seconds} seconds`);
  const run = { seed, seconds, settleMs, log: console.error };
  const { figures, failures, timeline } = await runOf(subject, run);
  console.log(figures);
  if (failures === undefined) {
    console.log('All that was promised was kept.');
    return 0;
  }
  console.log(failures);
  const path = join(tmpdir(), `se5-chaos-${seed}.log`);
  await writeFile(path, `${timeline.lines().join('\n')}\n`);
  console.log(`All that happened: ${path}`);
  console.log(`Again: pnpm chaos${optionsOf(subject)} --seconds ${seconds} --seed ${seed}`);
  return 1;
}

function optionsOf(subject: Subject): string {
  if (subject.kind === 'gateway') return '';
  const only = subject.only ? ` --only '${subject.only.join(',')}'` : '';
  return ` --${subject.kind}${only}`;
}

/** What a run is reported with. */
interface Outcome {
  readonly figures: string;
  /** Undefined when there are none. */
  readonly failures: string | undefined;
  readonly timeline: Timeline;
}

function runOf(subject: Subject, run: RunOptions): Promise<Outcome> {
  switch (subject.kind) {
    case 'gateway':
      return runFaults(runChaos(run));
    case 'cluster':
      return runFaults(runCluster({ ...run, only: subject.only }));
    case 'hostile':
      return runAttacks(run, subject.only);
  }
}

async function runFaults(run: Promise<RunResult>): Promise<Outcome> {
  const result = await run;
  const { findings, timeline } = result;
  return {
    figures: figures(result),
    failures: findings.length === 0 ? undefined : failures(result),
    timeline,
  };
}

async function runAttacks(
  run: RunOptions,
  only: readonly AttackName[] | undefined,
): Promise<Outcome> {
  const result = await runHostile({
    ...run,
    only,
    warmSeconds: HOSTILE_WARM_SECONDS,
    quietSeconds: HOSTILE_QUIET_SECONDS,
    scale: 1,
    settleMs: HOSTILE_SETTLE_MS,
  });
  const { findings, excesses, timeline } = result;
  return {
    figures: hostileFigures(result),
    failures: findings.length + excesses.length === 0 ? undefined : hostileFailures(result),
    timeline,
  };
}
