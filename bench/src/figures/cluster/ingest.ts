import { startNatsServer } from '@se5/nats-server';
import { Contender } from '../../contenders/process.ts';
import { Audience, type Subscribable } from '../../load/audience.ts';
import { Boxes } from '../../load/boxes.ts';
import { runTraffic, synchronise } from '../../load/traffic.ts';
import { PLAIN } from '../../operations.ts';
import type { Measurement } from '../../report/measurement.ts';
import { type Bench, count } from '../figure.ts';
import { summarise, takeTurns } from '../rounds.ts';
import { startMember } from './member.ts';

/** Events under way when as many as possible are sent: 20 of each box. */
const IN_FLIGHT = 2_000;

/** How many events of many boxes come through a file, and through the log, to one subscriber. */
export async function measureIngest(bench: Bench): Promise<Measurement[]> {
  await using nats = await startNatsServer();
  await using owned = new AsyncDisposableStack();
  const number = bench.plan.scaled(100);
  const apart = owned.use(await Boxes.open({ boxes: number }));
  const boxes = owned.use(await Boxes.open({ boxes: number }));
  const pace = { kind: 'saturated', durationMs: bench.plan.windowMs, inFlight: IN_FLIGHT } as const;

  const measure = async (way: string, server: Subscribable) => {
    const rounds = await takeTurns(bench, `cluster, ingest, ${way}`, ['gateway'], async () => {
      using audience = await Audience.connect(server, { subscribers: 1, operations: [PLAIN] });
      await synchronise(audience);
      return await runTraffic(audience, pace);
    });
    return summarise('cluster', rounds, [
      {
        scenario: `${count(number)} boxes, one subscriber, saturated, ${way}`,
        unit: 'events a second',
        of: ({ events, elapsedMs }) => (events * 1_000) / elapsedMs,
      },
    ]);
  };

  const alone = owned.use(await Contender.start('gateway', apart, { core: undefined }));
  const measurements = await measure('one gateway, a file', alone);
  const first = owned.use(await startMember(nats, boxes, 'first'));
  measurements.push(...(await measure('one gateway on the log', first)));
  owned.use(await startMember(nats, boxes, 'second'));
  measurements.push(...(await measure('two gateways that share the boxes', first)));
  return measurements;
}
