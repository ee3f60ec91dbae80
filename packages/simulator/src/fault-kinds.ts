import { z } from 'zod';
import type { AnswerFault } from './conditions.ts';
import type { Faults } from './faults.ts';
import type { Refusal } from './listener.ts';

/** A fault, ready to happen. */
export interface PreparedFault {
  readonly start: (faults: Faults) => unknown;
  /** Undefined for what happens once. */
  readonly end: ((faults: Faults) => unknown) | undefined;
}

/** A fault as the command line knows it. */
export interface FaultKind {
  /** Name and value as the help shows them. */
  readonly usage: string;
  readonly description: string;
  /** Whether it has an end. */
  readonly lasting: boolean;
  /** Undefined when it does not take such a value. */
  prepare(value: string | undefined): PreparedFault | undefined;
}

interface FaultSpecification<Value> {
  readonly usage: string;
  readonly description: string;
  readonly value: z.ZodType<Value, string | undefined>;
  readonly start: (faults: Faults, value: Value) => unknown;
  readonly end?: (faults: Faults) => unknown;
}

const fault = <Value>(specification: FaultSpecification<Value>): FaultKind => {
  const { usage, description, value, start, end } = specification;
  return {
    usage,
    description,
    lasting: end !== undefined,
    prepare: (text) => {
      const parsed = value.safeParse(text);
      return parsed.success ? { start: (faults) => start(faults, parsed.data), end } : undefined;
    },
  };
};

const number = z.string().regex(/\d/).transform(Number).pipe(z.number());
const positive = number.pipe(z.number().positive());
const none = z.undefined();

const REFUSALS = ['closed', 'unavailable', 'unanswered'] as const satisfies Refusal[];
const ANSWER_FAULTS = [
  'status',
  'envelope',
  'not-json',
  'unanswered',
  'slow',
  'huge',
  'missing',
] as const satisfies AnswerFault[];

/** By name, in the order of the help. */
export const FAULT_KINDS: ReadonlyMap<string, FaultKind> = new Map([
  [
    'refuse',
    fault({
      usage: `refuse[=${REFUSALS.join('|')}]`,
      description: 'both ports turn newcomers away: TCP refused, HTTP 503, or no answer',
      value: z.enum(REFUSALS).optional(),
      start: (faults, refusal) => faults.refuse(refusal),
      end: (faults) => faults.welcome(),
    }),
  ],
  [
    'restart',
    fault({
      usage: 'restart[=SECONDS]',
      description: 'both ports go away for so long (1), then event_id begins again',
      value: positive.optional(),
      start: (faults, seconds = 1) => faults.restart(seconds * 1000),
    }),
  ],
  [
    'drop',
    fault({
      usage: 'drop',
      description: 'every event connection is destroyed',
      value: none,
      start: (faults) => faults.drop(),
    }),
  ],
  [
    'half-open',
    fault({
      usage: 'half-open',
      description: 'the event connections stay open, but nothing comes or goes any more',
      value: none,
      start: (faults) => faults.halfOpen(),
    }),
  ],
  [
    'silent',
    fault({
      usage: 'silent',
      description: 'connected, but no events',
      value: none,
      start: (faults) => faults.silent(),
      end: (faults) => faults.silent(false),
    }),
  ],
  [
    'no-pong',
    fault({
      usage: 'no-pong',
      description: 'WebSocket pings are never answered',
      value: none,
      start: (faults) => faults.ignorePings(),
      end: (faults) => faults.ignorePings(false),
    }),
  ],
  [
    'slow',
    fault({
      usage: 'slow=BYTES_PER_SECOND',
      description: 'messages trickle out',
      value: positive,
      start: (faults, bytesPerSecond) => faults.slow(bytesPerSecond),
      end: (faults) => faults.slow(undefined),
    }),
  ],
  [
    'malformed',
    fault({
      usage: 'malformed',
      description: 'one message that is no JSON',
      value: none,
      start: (faults) => faults.malformed(),
    }),
  ],
  [
    'truncated',
    fault({
      usage: 'truncated',
      description: 'one event whose JSON ends in the middle',
      value: none,
      start: (faults) => faults.truncated(),
    }),
  ],
  [
    'huge',
    fault({
      usage: 'huge[=MEBIBYTES]',
      description: 'one event of that size (40)',
      value: positive.optional(),
      start: (faults, mebibytes = 40) => faults.huge(Math.ceil(mebibytes * 2 ** 20)),
    }),
  ],
  [
    'duplicate',
    fault({
      usage: 'duplicate',
      description: 'every event is sent twice',
      value: none,
      start: (faults) => faults.duplicate(),
      end: (faults) => faults.duplicate(false),
    }),
  ],
  [
    'out-of-order',
    fault({
      usage: 'out-of-order',
      description: 'every two events are swapped',
      value: none,
      start: (faults) => faults.outOfOrder(),
      end: (faults) => faults.outOfOrder(false),
    }),
  ],
  [
    'clock',
    fault({
      usage: 'clock=SECONDS',
      description: "the box's clock is ahead by so much; behind, when negative",
      value: number,
      start: (faults, seconds) => faults.clock(seconds * 1000),
      end: (faults) => faults.clock(undefined),
    }),
  ],
  [
    'device-list',
    fault({
      usage: `device-list[=${ANSWER_FAULTS.join('|')}]`,
      description:
        'the device list fails: HTTP 500, an error envelope, HTML, no answer, a trickle, 64 MiB, 404',
      value: z.enum(ANSWER_FAULTS).default('status'),
      start: (faults, how) => faults.deviceList(how),
      end: (faults) => faults.deviceList(undefined),
    }),
  ],
  [
    'stored-events',
    fault({
      usage: 'stored-events[=…]',
      description: 'the stored events fail, in the same ways',
      value: z.enum(ANSWER_FAULTS).default('status'),
      start: (faults, how) => faults.storedEvents(how),
      end: (faults) => faults.storedEvents(undefined),
    }),
  ],
  [
    'pictures',
    fault({
      usage: 'pictures[=…]',
      description: 'the pictures of stored events fail, in the same ways',
      value: z.enum(ANSWER_FAULTS).default('status'),
      start: (faults, how) => faults.pictures(how),
      end: (faults) => faults.pictures(undefined),
    }),
  ],
]);
