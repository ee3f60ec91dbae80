import type { Partition } from '../world/partition.ts';

// `gateway`, `box` and `servers` count from 0; times in ms.

/** Of the gateways that share a log, of the NATS servers that hold it, and of what is between. */
export type ClusterFault =
  /** SIGSTOP: its connections stay open, and others take its boxes. Then it goes on. */
  | { readonly kind: 'gateway paused'; readonly gateway: number; readonly ms: number }
  /** It stands still for a moment, again and again, and so reads slowly what it is sent. */
  | {
      readonly kind: 'gateway stutters';
      readonly gateway: number;
      readonly ms: number;
      readonly stopMs: number;
      readonly goMs: number;
    }
  /** SIGTERM for one after the other, each when the one before is ready again. */
  | { readonly kind: 'gateways restarted' }
  /** kill -9 of NATS servers, and new processes after a while. */
  | { readonly kind: 'NATS killed'; readonly servers: readonly number[]; readonly downMs: number }
  /** The same for so many that the log can't be written. */
  | {
      readonly kind: 'NATS majority killed';
      readonly servers: readonly number[];
      readonly downMs: number;
    }
  /** These NATS servers can't be reached by this gateway. */
  | {
      readonly kind: 'gateway cut off from NATS';
      readonly gateway: number;
      readonly servers: readonly number[];
      readonly how: Partition;
      readonly ms: number;
    }
  /** This box can't be reached by this gateway. */
  | {
      readonly kind: 'gateway cut off from box';
      readonly gateway: number;
      readonly box: number;
      readonly how: Partition;
      readonly ms: number;
    }
  /** Somebody deletes the stream with all that is in it. A gateway makes a new one. */
  | { readonly kind: 'stream deleted' };
