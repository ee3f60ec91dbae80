import { Random } from '@se5/core/simulator';
import type { Direction, Fault, FaultKind, FaultOf, MemoryFault, PlannedFault } from './fault.ts';

export interface PlanOptions {
  readonly seed: number;
  readonly seconds: number;
  readonly boxes: number;
  readonly clients: number;
}

type Draw<Kind extends FaultKind> = (
  random: Random,
  options: PlanOptions,
) => Omit<FaultOf<Kind>, 'kind'>;

interface Chance<Kind extends FaultKind> {
  /** From one to the next on average. Every plan has one of each at least. */
  readonly everySeconds: number;
  readonly draw: Draw<Kind>;
}

const DIRECTIONS: readonly Direction[] = ['both', 'requests', 'answers'];
const MEMORY_FAULTS: readonly MemoryFault[] = ['status', 'unanswered', 'missing'];

/** Of clients, how many are hit at once at most, as a part of all. */
const LARGEST_GROUP = 0.4;

const ms = (random: Random, low: number, high: number): number =>
  Math.round(random.between(low, high));

const group = (random: Random, clients: number): readonly number[] => {
  const count = 1 + random.below(Math.max(1, Math.floor(clients * LARGEST_GROUP)));
  const all = Array.from({ length: clients }, (_, client) => ({ client, order: random.next() }));
  return all
    .toSorted((one, other) => one.order - other.order)
    .slice(0, count)
    .map(({ client }) => client);
};

const CHANCES: { readonly [Kind in FaultKind]: Chance<Kind> } = {
  'gateway killed': {
    everySeconds: 20,
    draw: (random) => ({ downMs: ms(random, 0, 2_000) }),
  },
  'gateway restarted': {
    everySeconds: 30,
    draw: (random) => ({ downMs: ms(random, 0, 2_000) }),
  },
  'disk full': {
    everySeconds: 25,
    draw: (random) => ({ ms: ms(random, 500, 8_000) }),
  },
  'box restarted': {
    everySeconds: 15,
    draw: (random, { boxes }) => ({ box: random.below(boxes), downMs: ms(random, 100, 5_000) }),
  },
  'box cut off': {
    everySeconds: 8,
    draw: (random, { boxes }) => ({ box: random.below(boxes) }),
  },
  'box half-open': {
    everySeconds: 15,
    draw: (random, { boxes }) => ({
      box: random.below(boxes),
      direction: random.pick(DIRECTIONS),
      // Above 30 s the gateway has found out by itself.
      ms: ms(random, 500, 45_000),
    }),
  },
  'box stalled': {
    everySeconds: 15,
    draw: (random, { boxes }) => ({ box: random.below(boxes), ms: ms(random, 500, 12_000) }),
  },
  'box without memory': {
    everySeconds: 25,
    draw: (random, { boxes }) => ({
      box: random.below(boxes),
      how: random.pick(MEMORY_FAULTS),
      ms: ms(random, 2_000, 30_000),
    }),
  },
  'box repeats itself': {
    everySeconds: 15,
    draw: (random, { boxes }) => ({ box: random.below(boxes), ms: ms(random, 500, 10_000) }),
  },
  'clients cut off': {
    everySeconds: 2,
    draw: (random, { clients }) => ({ clients: group(random, clients) }),
  },
  'clients half-open': {
    everySeconds: 5,
    draw: (random, { clients }) => ({
      clients: group(random, clients),
      direction: random.pick(DIRECTIONS),
      ms: ms(random, 500, 20_000),
    }),
  },
  'clients slow': {
    everySeconds: 5,
    draw: (random, { clients }) => ({
      clients: group(random, clients),
      bytesPerSecond: 2 ** (10 + random.below(8)),
      ms: ms(random, 500, 20_000),
    }),
  },
};

/** The faults of a seed, in the order of time: the same options, the same faults. */
export function planFaults(options: PlanOptions): readonly PlannedFault[] {
  const totalMs = options.seconds * 1_000;
  const faults = kindsOf(CHANCES).flatMap((kind) => {
    const random = new Random(options.seed, kind);
    const { everySeconds } = CHANCES[kind];
    const count = Math.max(1, Math.round(options.seconds / everySeconds));
    return Array.from({ length: count }, (): PlannedFault => {
      const at = Math.round(random.between(0, totalMs));
      return within({ ...drawn(kind, random, options), at }, totalMs);
    });
  });
  return faults.toSorted((one, other) => one.at - other.at);
}

// `kind` decides of which type the rest is, which the compiler can't follow through a table.
const drawn = (kind: FaultKind, random: Random, options: PlanOptions): Fault =>
  ({ kind, ...CHANCES[kind].draw(random, options) }) as Fault;

const kindsOf = (table: typeof CHANCES): readonly FaultKind[] => Object.keys(table) as FaultKind[];

/** What lasts ends with the faults at the latest. */
const within = (fault: PlannedFault, totalMs: number): PlannedFault =>
  'ms' in fault ? { ...fault, ms: Math.min(fault.ms, totalMs - fault.at) } : fault;
