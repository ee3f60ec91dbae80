import { startNatsServer } from '@se5/nats-server';
import { Contender } from '../../contenders/process.ts';
import { Audience } from '../../load/audience.ts';
import { Boxes } from '../../load/boxes.ts';
import { runTraffic, synchronise } from '../../load/traffic.ts';
import { PLAIN } from '../../operations.ts';
import type { Measurement } from '../../report/measurement.ts';
import { type Bench, count } from '../figure.ts';
import { type Row, summarise, takeTurns } from '../rounds.ts';
import { startMember } from './member.ts';

interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

/** How far an event travels: through a file, through the log, and through it to another gateway. */
export async function measureLatency(bench: Bench): Promise<Measurement[]> {
  await using nats = await startNatsServer();
  await using owned = new AsyncDisposableStack();
  const apart = owned.use(await Boxes.open());
  const boxes = owned.use(await Boxes.open());
  const alone = owned.use(await Contender.start('gateway', apart, { core: undefined }));
  const owner = owned.use(await startMember(nats, boxes, 'owner'));
  const other = owned.use(await startMember(nats, boxes, 'other', { listens: false }));
  const ways = [
    ['one gateway, a file', alone],
    ['two gateways, at the one with the box', owner],
    ['two gateways, at the other', other],
  ] as const;

  const subscribers = bench.plan.scaled(100);
  const pace = { kind: 'steady', intervalMs: 50, durationMs: bench.plan.scaled(3_000) } as const;
  const measurements: Measurement[] = [];
  for (const [way, server] of ways) {
    const rounds = await takeTurns(bench, `cluster, ${way}`, ['gateway'], async () => {
      using audience = await Audience.connect(server, { subscribers, operations: [PLAIN] });
      await synchronise(audience);
      const { latencyMs } = await runTraffic(audience, pace);
      return latencyMs ?? { p50: Number.NaN, p99: Number.NaN };
    });
    const scenario = `${count(subscribers)} subscribers, 20 events a second, ${way}`;
    const rows: Row<Percentiles>[] = [
      { scenario: `${scenario}: p50`, unit: 'ms', of: ({ p50 }) => p50 },
      { scenario: `${scenario}: p99`, unit: 'ms', of: ({ p99 }) => p99 },
    ];
    measurements.push(...summarise('cluster', rounds, rows));
  }
  return measurements;
}
