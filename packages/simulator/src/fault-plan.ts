import { z } from 'zod';
import { FAULT_KINDS, type PreparedFault } from './fault-kinds.ts';
import type { Faults } from './faults.ts';
import { UsageError } from './usage-error.ts';

/** One fault of the command line: what, when, and for how long. */
export interface PlannedFault extends PreparedFault {
  readonly afterMs: number;
  /** Undefined: until the end. */
  readonly forMs: number | undefined;
}

const SYNTAX =
  /^(?<name>[a-z-]+)(?:=(?<value>[^@/]*))?(?:@(?<after>[^@/]+))?(?:\/(?<during>[^@/]+))?$/;

/** In seconds, to ms; a timer cannot wait for longer than this allows. */
const moment = z.coerce
  .number()
  .nonnegative()
  .max(2_000_000)
  .transform((seconds) => seconds * 1000)
  .optional();

/**
 * Reads `NAME[=VALUE][@AFTER][/FOR]`, both times in seconds.
 *
 * @throws {UsageError}
 */
export const parseFault = (text: string): PlannedFault => {
  const { name = '', value, after, during } = SYNTAX.exec(text)?.groups ?? {};
  const kind = FAULT_KINDS.get(name);
  if (kind === undefined) {
    const names = [...FAULT_KINDS.keys()].join(', ');
    throw new UsageError(
      `--fault takes NAME[=VALUE][@AFTER][/FOR] with NAME one of ${names}, not "${text}"`,
    );
  }
  const prepared = kind.prepare(value);
  const afterMs = moment.safeParse(after);
  const forMs = moment.safeParse(during);
  const endless = during !== undefined && !kind.lasting;
  if (prepared === undefined || !afterMs.success || !forMs.success || endless) {
    const form = `${kind.usage}[@AFTER]${kind.lasting ? '[/FOR]' : ''}`;
    throw new UsageError(`--fault ${name} takes the form ${form}, not "${text}"`);
  }
  return { ...prepared, afterMs: afterMs.data ?? 0, forMs: forMs.data };
};

/** One line of help for each fault. */
export const faultHelp = (): readonly (readonly [usage: string, description: string])[] =>
  [...FAULT_KINDS.values()].map(({ usage, description }) => [usage, description]);

/** Lets the faults happen at their times. What goes wrong with one is handed to `failed`. */
export class FaultPlan implements Disposable {
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(faults: Faults, planned: readonly PlannedFault[], failed: (error: unknown) => void) {
    const at = (ms: number, happen: (faults: Faults) => unknown): void => {
      const run = async (): Promise<unknown> => happen(faults);
      const timer = setTimeout(() => {
        run().catch(failed);
      }, ms);
      this.#timers.push(timer);
    };
    for (const { afterMs, forMs, start, end } of planned) {
      at(afterMs, start);
      if (forMs !== undefined && end !== undefined) at(afterMs + forMs, end);
    }
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}
