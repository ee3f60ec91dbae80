import manifest from '../package.json' with { type: 'json' };
import type { Figure } from './figures/figure.ts';
import type { LoadMethods } from './load/main.ts';
import type { Plan } from './plan.ts';
import { Child } from './process/child.ts';
import { chooseCores } from './process/cores.ts';
import { openFileLimit } from './process/open-files.ts';
import { describeMachine } from './report/machine.ts';
import type { Measurement } from './report/measurement.ts';
import type { Results } from './report/results.ts';

/** Of the files a process may have open, so many are for something else than subscribers. */
const OTHER_FILES = 500;

export interface RunOptions {
  readonly plan: Plan;
  readonly figures: readonly Figure[];
  /** As it was called, to be recorded. */
  readonly command: string;
  readonly log: (line: string) => void;
}

/** Measures one figure after the other. One that fails is recorded as failed, and the others go on. */
export async function runBench({ plan, figures, command, log }: RunOptions): Promise<Results> {
  const cores = chooseCores();
  const openFiles = openFileLimit();
  const maxSubscribers = openFiles - OTHER_FILES;
  if (cores.load === undefined) log('server and load are not pinned: no taskset, or one core only');

  const measurements: Measurement[] = [];
  const failures: Record<string, string> = {};
  for (const figure of figures) {
    try {
      // A load of its own: what one figure leaves behind is no other's.
      await using load = new Child<LoadMethods>(new URL('./load/main.ts', import.meta.url), {
        core: cores.load,
      });
      measurements.push(...(await figure.measure({ plan, cores, load, maxSubscribers, log })));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log(`${figure.name} failed: ${reason}`);
      // What a child says goes on with its stack.
      failures[figure.name] = reason.split('\n', 1)[0] ?? '';
    }
  }
  return {
    command,
    recordedAt: new Date().toISOString(),
    machine: describeMachine(cores, openFiles),
    versions: contenderVersions(),
    rounds: plan.rounds,
    measurements,
    failures,
  };
}

function contenderVersions(): Record<string, string> {
  const { dependencies } = manifest;
  return {
    ws: dependencies.ws,
    graphql: dependencies.graphql,
    'graphql-yoga': dependencies['graphql-yoga'],
    'graphql-ws': dependencies['graphql-ws'],
    mercurius: dependencies.mercurius,
  };
}
