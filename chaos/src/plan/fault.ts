import type { ClusterFault } from '../cluster/fault.ts';

/** Which of the two ways of a connection; `answers` is towards who opened it. */
export type Direction = 'both' | 'requests' | 'answers';

/** What a box makes of questions for what it has stored. */
export type MemoryFault = 'status' | 'unanswered' | 'missing';

// `gateway`, `box`, `clients` and the like count from 0; times in ms.

/** kill -9, and a new process after a while. */
type GatewayKilled = {
  readonly kind: 'gateway killed';
  readonly gateway: number;
  readonly downMs: number;
};

/** Of the machine with the one gateway. */
export type GatewayFault =
  | GatewayKilled
  /** SIGTERM, and a new process after a while. */
  | { readonly kind: 'gateway restarted'; readonly downMs: number }
  /** No file of the gateway's process can grow. */
  | { readonly kind: 'disk full'; readonly ms: number }
  /** The gateway's wall clock is so far ahead for a while (negative: behind), and then set right. */
  | { readonly kind: 'machine clock set'; readonly aheadMs: number; readonly ms: number }
  /** The journal is copied. After a while the gateway ends, and goes on with the copy. */
  | {
      readonly kind: 'journal restored';
      readonly isKilled: boolean;
      readonly ms: number;
      readonly downMs: number;
    }
  /** The gateway is asked to erase a person, until it has. */
  | { readonly kind: 'person erased'; readonly person: number };

export type BoxFault =
  | { readonly kind: 'box restarted'; readonly box: number; readonly downMs: number }
  /** RST on all connections of the box. */
  | { readonly kind: 'box cut off'; readonly box: number }
  /** The connections open now are dead, and nobody is told before they are reset. */
  | HalfOpen<'box half-open', { readonly box: number }>
  /** Nothing comes through for a while, and then all of it. Then the connections may be reset. */
  | {
      readonly kind: 'box stalled';
      readonly box: number;
      readonly ms: number;
      readonly isCutOff: boolean;
    }
  /** Its clock is so far ahead for a while (negative: behind), and then set right. */
  | {
      readonly kind: 'box clock set';
      readonly box: number;
      readonly aheadMs: number;
      readonly ms: number;
    }
  | {
      readonly kind: 'box without memory';
      readonly box: number;
      readonly how: MemoryFault;
      readonly ms: number;
    }
  /** It says everything twice. */
  | { readonly kind: 'box repeats itself'; readonly box: number; readonly ms: number };

export type ClientFault =
  | { readonly kind: 'clients cut off'; readonly clients: readonly number[] }
  | HalfOpen<'clients half-open', { readonly clients: readonly number[] }>
  /** They read so much a second. */
  | {
      readonly kind: 'clients slow';
      readonly clients: readonly number[];
      readonly bytesPerSecond: number;
      readonly ms: number;
    }
  /** So many others subscribe, complete and subscribe again under one id at once, and close. */
  | { readonly kind: 'clients hasty'; readonly connections: number };

/** Something that goes wrong with one gateway. */
export type SoloFault = GatewayFault | BoxFault | ClientFault;

/** Something that goes wrong. */
export type Fault = SoloFault | ClusterFault;

type HalfOpen<Kind extends string, Whom> = Whom & {
  readonly kind: Kind;
  readonly direction: Direction;
  readonly ms: number;
};

export type FaultKind = Fault['kind'];

export type FaultOf<Kind extends FaultKind> = Extract<Fault, { readonly kind: Kind }>;

/** `at`: ms since the faults began. */
export type Planned<Some extends Fault> = Some & { readonly at: number };

export type PlannedFault = Planned<Fault>;

/** Whether a fault is one of a box, or of clients: the first word of its kind says so. */
export const isOf = <Some extends Fault, Whom extends 'box' | 'clients'>(
  fault: Some,
  whom: Whom,
): fault is Extract<Some, { readonly kind: `${Whom} ${string}` }> =>
  fault.kind.startsWith(`${whom} `);
