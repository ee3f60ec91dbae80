import type { Random } from '@se5/simulator';
import { type Chances, drawPlan, kindsOf, type Span } from '../plan/chances.ts';
import { clientsOf, ms } from '../plan/draw.ts';
import type { Direction, FaultOf, Planned } from '../plan/fault.ts';
import type { Partition } from '../world/partition.ts';
import type { ClusterSize } from './cluster-world.ts';
import type { ClusterFault } from './fault.ts';

export interface ClusterPlanOptions extends Span, ClusterSize {
  readonly boxes: number;
  readonly clients: number;
}

type Kind =
  | ClusterFault['kind']
  | 'gateway killed'
  | 'box restarted'
  | 'box without memory'
  | 'clients cut off'
  | 'clients half-open'
  | 'clients slow'
  | 'clients hasty';

/** What goes wrong in a cluster. */
export type FaultOfCluster = FaultOf<Kind>;

const DIRECTIONS: readonly Direction[] = ['both', 'requests', 'answers'];
const PARTITIONS: readonly Partition[] = ['refused', 'stalled', 'stalled and cut off'];

const all = (count: number): readonly number[] => Array.from({ length: count }, (_, one) => one);

/** All but so many of them. */
const allBut = (left: number, count: number, random: Random): readonly number[] => {
  const first = random.below(count);
  return all(count).filter((one) => (one - first + count) % count >= left);
};

const CHANCES: Chances<Kind, ClusterPlanOptions> = {
  'gateway killed': {
    everySeconds: 20,
    draw: (random, { gateways }) => ({
      gateway: random.below(gateways),
      downMs: ms(random, 0, 4_000),
    }),
  },
  'gateway paused': {
    everySeconds: 30,
    // Above 2 s it is taken for dead.
    draw: (random, { gateways }) => ({ gateway: random.below(gateways), ms: 10_000 }),
  },
  'gateway stutters': {
    everySeconds: 30,
    draw: (random, { gateways }) => ({
      gateway: random.below(gateways),
      ms: ms(random, 3_000, 15_000),
      stopMs: ms(random, 100, 1_500),
      goMs: ms(random, 50, 500),
    }),
  },
  'gateways restarted': { everySeconds: 60, draw: () => ({}) },
  'NATS killed': {
    everySeconds: 30,
    draw: (random, { servers }) => ({
      servers: [random.below(servers)],
      downMs: ms(random, 0, 5_000),
    }),
  },
  'NATS majority killed': {
    everySeconds: 60,
    draw: (random, { servers }) => ({
      servers: allBut(random.pick([0, 1]), servers, random),
      downMs: ms(random, 1_000, 8_000),
    }),
  },
  'gateway cut off from NATS': {
    everySeconds: 20,
    draw: (random, { gateways, servers }) => ({
      gateway: random.below(gateways),
      servers: allBut(random.pick([0, 0, 1]), servers, random),
      how: random.pick(PARTITIONS),
      ms: random.pick([ms(random, 500, 4_000), ms(random, 4_000, 20_000)]),
    }),
  },
  'gateway cut off from box': {
    everySeconds: 15,
    draw: (random, { gateways, boxes }) => ({
      gateway: random.below(gateways),
      box: random.below(boxes),
      how: random.pick(PARTITIONS),
      ms: ms(random, 500, 15_000),
    }),
  },
  'stream deleted': { everySeconds: 120, draw: () => ({}) },
  'box restarted': {
    everySeconds: 20,
    draw: (random, { boxes }) => ({ box: random.below(boxes), downMs: ms(random, 100, 5_000) }),
  },
  'box without memory': {
    everySeconds: 60,
    draw: (random, { boxes }) => ({
      box: random.below(boxes),
      how: random.pick(['status', 'unanswered', 'missing'] as const),
      ms: ms(random, 2_000, 20_000),
    }),
  },
  'clients cut off': {
    everySeconds: 3,
    draw: (random, { clients }) => ({ clients: clientsOf(random, clients) }),
  },
  'clients half-open': {
    everySeconds: 10,
    draw: (random, { clients }) => ({
      clients: clientsOf(random, clients),
      direction: random.pick(DIRECTIONS),
      ms: ms(random, 500, 20_000),
    }),
  },
  'clients slow': {
    everySeconds: 10,
    draw: (random, { clients }) => ({
      clients: clientsOf(random, clients),
      bytesPerSecond: 2 ** (10 + random.below(8)),
      ms: ms(random, 500, 20_000),
    }),
  },
  'clients hasty': {
    everySeconds: 10,
    draw: (random) => ({ connections: 1 + random.below(10) }),
  },
};

/** Names of all faults of a cluster. */
export const CLUSTER_FAULTS = kindsOf(CHANCES);

/** The faults of a seed, in the order of time: the same options, the same faults. */
export const planClusterFaults = (
  options: ClusterPlanOptions,
): readonly Planned<FaultOfCluster>[] => drawPlan(CHANCES, options);
