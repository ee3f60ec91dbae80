import { natsTestsAreSkipped } from '@se5/nats-server';
import { expect, it } from 'vitest';
import { runCluster } from '../../src/cluster/run.ts';
import { failures, figures } from '../../src/report.ts';

const SECONDS = 15;

/** The same faults each time, though never at the same instants; `pnpm chaos --cluster` draws others. */
const SEED = 20_261_129;

/** Ends the wait for whatever is still to come. */
const SETTLE_MS = 600_000;

it.skipIf(natsTestsAreSkipped())(
  'gateways that share a log have one order, and lose nothing that is not declared',
  async () => {
    const result = await runCluster({
      seed: SEED,
      seconds: SECONDS,
      settleMs: SETTLE_MS,
      log: () => {},
    });
    console.log(`seed ${SEED}\n${figures(result)}`);
    const again = `pnpm chaos --cluster --seconds ${SECONDS} --seed ${SEED}`;
    expect(result.findings, `${again}\n${failures(result)}`).toEqual([]);
    expect(result.troubles.length).toBeGreaterThan(0);
  },
);
