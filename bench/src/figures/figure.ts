import type { Plan } from '../plan.ts';
import type { Measurement } from '../report/measurement.ts';

/** What every figure is measured with. */
export interface Bench {
  readonly plan: Plan;
  /** Where servers run; undefined: on any core. */
  readonly core: number | undefined;
  readonly log: (line: string) => void;
}

export interface Figure {
  /** As `--only` names it. */
  readonly name: string;
  readonly title: string;
  readonly measure: (bench: Bench) => Promise<Measurement[]>;
}

/** 5000 → 5,000. */
export const count = (value: number): string => value.toLocaleString('en');
