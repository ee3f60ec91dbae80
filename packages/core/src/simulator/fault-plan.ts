import type { DeviceListFault } from './conditions.ts';
import type { Faults } from './faults.ts';
import type { Refusal } from './listener.ts';
import { UsageError } from './usage-error.ts';

/** A fault, ready to happen. */
interface Preparation {
  start(faults: Faults): unknown;
  /** Absent for what happens once. */
  end?(faults: Faults): unknown;
}

interface Kind {
  /** Name and value as the help shows them. */
  readonly usage: string;
  readonly description: string;
  /** @throws {UsageError} */
  prepare(value: string | undefined): Preparation;
}

/** One fault of the command line: what, when, and for how long. */
export interface PlannedFault extends Preparation {
  readonly afterMs: number;
  /** Undefined: until the end. */
  readonly forMs: number | undefined;
}

const number = (value: string | undefined, fallback: number | undefined, what: string): number => {
  const parsed = value === undefined ? fallback : Number(value);
  if (parsed !== undefined && Number.isFinite(parsed) && value !== '') return parsed;
  throw new UsageError(`${what}, not "${value ?? ''}"`);
};

const positive = (
  value: string | undefined,
  fallback: number | undefined,
  what: string,
): number => {
  const parsed = number(value, fallback, what);
  if (parsed > 0) return parsed;
  throw new UsageError(`${what} above 0, not "${value}"`);
};

const choice = <T extends string>(value: string | undefined, allowed: readonly T[]): T => {
  const chosen = value === undefined ? allowed[0] : allowed.find((one) => one === value);
  if (chosen !== undefined) return chosen;
  throw new UsageError(`one of ${allowed.join(', ')}, not "${value}"`);
};

const none = (value: string | undefined): void => {
  if (value !== undefined) throw new UsageError(`no value, not "${value}"`);
};

const REFUSALS = ['closed', 'unavailable', 'unanswered'] satisfies Refusal[];
const DEVICE_LIST_FAULTS = [
  'status',
  'envelope',
  'not-json',
  'unanswered',
  'huge',
] satisfies DeviceListFault[];

const switched = (turn: (faults: Faults, on: boolean) => void): Kind['prepare'] => {
  return (value) => {
    none(value);
    return { start: (faults) => turn(faults, true), end: (faults) => turn(faults, false) };
  };
};

const once = (happen: (faults: Faults) => unknown): Kind['prepare'] => {
  return (value) => {
    none(value);
    return { start: happen };
  };
};

const KINDS: ReadonlyMap<string, Kind> = new Map([
  [
    'refuse',
    {
      usage: `refuse[=${REFUSALS.join('|')}]`,
      description: 'both ports turn newcomers away: TCP refused, HTTP 503, or no answer',
      prepare: (value) => {
        const refusal = choice(value, REFUSALS);
        return {
          start: (faults) => faults.refuse(refusal),
          end: (faults) => faults.refuse(undefined),
        };
      },
    },
  ],
  [
    'restart',
    {
      usage: 'restart[=SECONDS]',
      description: 'both ports go away for so long (1) and event_id begins again',
      prepare: (value) => {
        const seconds = positive(value, 1, 'a number of seconds');
        return { start: (faults) => faults.restart(seconds * 1000) };
      },
    },
  ],
  [
    'drop',
    {
      usage: 'drop',
      description: 'every event connection is destroyed',
      prepare: once((faults) => faults.drop()),
    },
  ],
  [
    'half-open',
    {
      usage: 'half-open',
      description: 'the event connections stay open, but nothing comes or goes any more',
      prepare: once((faults) => faults.halfOpen()),
    },
  ],
  [
    'silent',
    {
      usage: 'silent',
      description: 'connected, but no events',
      prepare: switched((faults, on) => faults.silent(on)),
    },
  ],
  [
    'no-pong',
    {
      usage: 'no-pong',
      description: 'WebSocket pings are never answered',
      prepare: switched((faults, on) => faults.ignorePings(on)),
    },
  ],
  [
    'slow',
    {
      usage: 'slow=BYTES_PER_SECOND',
      description: 'messages trickle out',
      prepare: (value) => {
        const pace = positive(value, undefined, 'a number of bytes per second');
        return { start: (faults) => faults.slow(pace), end: (faults) => faults.slow(undefined) };
      },
    },
  ],
  [
    'malformed',
    {
      usage: 'malformed',
      description: 'one message that is no JSON',
      prepare: once((faults) => faults.malformed()),
    },
  ],
  [
    'truncated',
    {
      usage: 'truncated',
      description: 'one event whose JSON ends in the middle',
      prepare: once((faults) => faults.truncated()),
    },
  ],
  [
    'huge',
    {
      usage: 'huge[=MEBIBYTES]',
      description: 'one event of that size (40)',
      prepare: (value) => {
        const size = positive(value, 40, 'a number of mebibytes');
        return { start: (faults) => faults.huge(Math.ceil(size * 2 ** 20)) };
      },
    },
  ],
  [
    'duplicate',
    {
      usage: 'duplicate',
      description: 'every event is sent twice',
      prepare: switched((faults, on) => faults.duplicate(on)),
    },
  ],
  [
    'out-of-order',
    {
      usage: 'out-of-order',
      description: 'every two events are swapped',
      prepare: switched((faults, on) => faults.outOfOrder(on)),
    },
  ],
  [
    'clock',
    {
      usage: 'clock=SECONDS',
      description: "the box's clock is ahead by so much; behind, when negative",
      prepare: (value) => {
        const seconds = number(value, undefined, 'a number of seconds');
        return {
          start: (faults) => faults.clock(seconds * 1000),
          end: (faults) => faults.clock(undefined),
        };
      },
    },
  ],
  [
    'device-list',
    {
      usage: `device-list[=${DEVICE_LIST_FAULTS.join('|')}]`,
      description: 'the device list fails: HTTP 500, an error envelope, HTML, no answer, 64 MiB',
      prepare: (value) => {
        const fault = choice(value, DEVICE_LIST_FAULTS);
        return {
          start: (faults) => faults.deviceList(fault),
          end: (faults) => faults.deviceList(undefined),
        };
      },
    },
  ],
] satisfies [string, Kind][]);

const SYNTAX =
  /^(?<name>[a-z-]+)(?:=(?<value>[^@/]*))?(?:@(?<after>[^@/]*))?(?:\/(?<during>[^@/]*))?$/;

/**
 * Reads `NAME[=VALUE][@AFTER][/FOR]`, both times in seconds.
 *
 * @throws {UsageError}
 */
export const parseFault = (text: string): PlannedFault => {
  const { name = '', value, after, during } = SYNTAX.exec(text)?.groups ?? {};
  const kind = KINDS.get(name);
  if (kind === undefined) {
    throw new UsageError(
      `--fault takes NAME[=VALUE][@AFTER][/FOR] with NAME one of ${[...KINDS.keys()].join(', ')}, not "${text}"`,
    );
  }
  try {
    const preparation = kind.prepare(value);
    if (during !== undefined && preparation.end === undefined) {
      throw new UsageError(`no /FOR, because it happens once, not "${text}"`);
    }
    return {
      ...preparation,
      afterMs: after === undefined ? 0 : 1000 * positive(after, undefined, '@AFTER in seconds'),
      forMs:
        during === undefined ? undefined : 1000 * positive(during, undefined, '/FOR in seconds'),
    };
  } catch (error) {
    if (error instanceof UsageError) {
      throw new UsageError(`--fault ${name} takes ${error.message}`);
    }
    throw error;
  }
};

/** One line of help for each fault. */
export const faultHelp = (): readonly (readonly [usage: string, description: string])[] =>
  [...KINDS.values()].map(({ usage, description }) => [usage, description]);

/** Lets the faults happen at their times. What goes wrong with one is handed to `failed`. */
export class FaultPlan implements Disposable {
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(faults: Faults, planned: readonly PlannedFault[], failed: (error: unknown) => void) {
    const at = (ms: number, happen: (faults: Faults) => unknown): void => {
      const run = async (): Promise<unknown> => happen(faults);
      this.#timers.push(setTimeout(() => run().catch(failed), ms));
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
