import type { Random } from '@se5/simulator';
import { aftermathOf } from './aftermath.ts';
import { type Chances, drawPlan, type Span } from './chances.ts';
import { clientsOf, ms } from './draw.ts';
import type { Direction, MemoryFault, Planned, SoloFault } from './fault.ts';

export interface PlanOptions extends Span {
  readonly boxes: number;
  readonly clients: number;
  readonly persons: number;
}

/** For the start, the settling and the verdict: a run lasts so much longer than its faults. */
const AROUND_SECONDS = 900;

const HOUR_SECONDS = 3_600;

const DIRECTIONS: readonly Direction[] = ['both', 'requests', 'answers'];
const MEMORY_FAULTS: readonly MemoryFault[] = ['status', 'unanswered', 'missing'];

const sign = (random: Random): number => random.pick([-1, 1]);

/** Whole hours, more than the run lasts: a time by that clock tells under which of them it was read. */
const clockHours = (random: Random, { seconds }: PlanOptions): number =>
  Math.ceil((seconds + AROUND_SECONDS) / HOUR_SECONDS) * (1 + random.below(3));

const CHANCES: Chances<SoloFault['kind'], PlanOptions> = {
  'gateway killed': {
    everySeconds: 20,
    draw: (random) => ({ gateway: 0, downMs: ms(random, 0, 2_000) }),
  },
  'gateway restarted': {
    everySeconds: 30,
    draw: (random) => ({ downMs: ms(random, 0, 2_000) }),
  },
  'disk full': {
    everySeconds: 25,
    draw: (random) => ({ ms: ms(random, 500, 8_000) }),
  },
  'machine clock set': {
    everySeconds: 45,
    draw: (random, options) => ({
      aheadMs: sign(random) * clockHours(random, options) * HOUR_SECONDS * 1_000,
      ms: ms(random, 2_000, 30_000),
    }),
  },
  'journal restored': {
    // All clients get all of it again: this costs more than everything else together.
    everySeconds: 300,
    draw: (random) => ({
      isKilled: random.pick([true, false]),
      ms: ms(random, 1_000, 8_000),
      downMs: ms(random, 0, 2_000),
    }),
  },
  'person erased': {
    everySeconds: 45,
    draw: (random, { persons }) => ({ person: random.below(persons) }),
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
    draw: (random, { boxes }) => ({
      box: random.below(boxes),
      // Above 30 s the gateway has found out by itself.
      ms: random.pick([ms(random, 500, 12_000), ms(random, 12_000, 70_000)]),
      isCutOff: random.pick([true, false]),
    }),
  },
  'box clock set': {
    everySeconds: 30,
    draw: (random, { boxes }) => ({
      box: random.below(boxes),
      aheadMs: sign(random) * ms(random, 2_000, 90_000),
      ms: ms(random, 1_000, 20_000),
    }),
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
    draw: (random, { clients }) => ({ clients: clientsOf(random, clients) }),
  },
  'clients half-open': {
    everySeconds: 5,
    draw: (random, { clients }) => ({
      clients: clientsOf(random, clients),
      direction: random.pick(DIRECTIONS),
      ms: ms(random, 500, 20_000),
    }),
  },
  'clients slow': {
    everySeconds: 5,
    draw: (random, { clients }) => ({
      clients: clientsOf(random, clients),
      bytesPerSecond: 2 ** (10 + random.below(8)),
      ms: ms(random, 500, 20_000),
    }),
  },
  'clients hasty': {
    everySeconds: 3,
    draw: (random) => ({ connections: 1 + random.below(10) }),
  },
};

/** The faults of a seed, in the order of time: the same options, the same faults. */
export const planFaults = (options: PlanOptions): readonly Planned<SoloFault>[] =>
  drawPlan(CHANCES, options, aftermathOf);
