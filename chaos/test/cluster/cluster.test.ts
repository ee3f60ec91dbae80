import { natsTestsAreSkipped } from '@se5/nats-server';
import { expect, it } from 'vitest';
import type { FaultOfCluster } from '../../src/cluster/plan.ts';
import { runCluster } from '../../src/cluster/run.ts';
import { failures, figures } from '../../src/report.ts';

const SECONDS = 15;

/** The same faults each time, though never at the same instants; `pnpm chaos --cluster` draws others. */
const SEED = 20_261_129;

/** As small as a cluster can be. */
const SIZE = { gateways: 2, servers: 1 };

/** Two or three of each kind. */
const CLIENTS = 18;

/** Those that take boxes from one gateway to another, and clients too. */
const ONLY: readonly FaultOfCluster['kind'][] = [
  'gateway killed',
  'gateways restarted',
  'NATS killed',
  'gateway cut off from NATS',
  'gateway cut off from box',
  'box restarted',
  'clients cut off',
];

/** Ends the wait for whatever is still to come. */
const SETTLE_MS = 600_000;

it.skipIf(natsTestsAreSkipped())(
  'gateways that share a log lose nothing that is not declared, and have all of it once, in one order',
  async () => {
    const result = await runCluster({
      ...{ seed: SEED, seconds: SECONDS, size: SIZE, clients: CLIENTS, only: ONLY },
      settleMs: SETTLE_MS,
      log: () => {},
    });
    console.log(`seed ${SEED}\n${figures(result)}`);
    expect(result.findings, failures(result)).toEqual([]);
    expect(new Set(result.troubles.map(({ fault }) => fault.kind))).toEqual(new Set(ONLY));
  },
);
