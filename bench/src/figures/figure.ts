import type { LoadMethods } from '../load/main.ts';
import type { Plan } from '../plan.ts';
import type { Child } from '../process/child.ts';
import type { Cores } from '../process/cores.ts';
import type { Measurement } from '../report/measurement.ts';

/** What every figure is measured with. */
export interface Bench {
  readonly plan: Plan;
  readonly cores: Cores;
  readonly load: Child<LoadMethods>;
  /** As many sockets as a process may have open. */
  readonly maxSubscribers: number;
  readonly log: (line: string) => void;
}

export interface Figure {
  /** As `--only` names it. */
  readonly name: string;
  readonly title: string;
  readonly measure: (bench: Bench) => Promise<Measurement[]>;
}
