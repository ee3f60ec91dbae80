import { startNatsServer } from '@se5/nats-server';
import { Contender } from '../../contenders/process.ts';
import { Audience } from '../../load/audience.ts';
import { Boxes } from '../../load/boxes.ts';
import { type RunReport, runTraffic, synchronise } from '../../load/traffic.ts';
import { PLAIN } from '../../operations.ts';
import type { Measurement } from '../../report/measurement.ts';
import { type Bench, count } from '../figure.ts';
import { summarise, takeTurns } from '../rounds.ts';
import { startMember } from './member.ts';

/** Events under way when as many as possible are sent. */
const IN_FLIGHT = 100;

/**
 * How many deliveries the same audience gets, spread over more and more gateways. They share the
 * machine with the load and the NATS server: where all cores are busy, another gateway adds nothing.
 */
export async function measureDeliveries(bench: Bench): Promise<Measurement[]> {
  await using nats = await startNatsServer();
  await using owned = new AsyncDisposableStack();
  const apart = owned.use(await Boxes.open());
  const boxes = owned.use(await Boxes.open());
  const subscribers = bench.plan.scaled(600);
  const pace = { kind: 'saturated', durationMs: bench.plan.windowMs, inFlight: IN_FLIGHT } as const;

  const measure = async (way: string, gateways: readonly [Contender, ...Contender[]]) => {
    const ports = gateways.map(({ port }) => port);
    const rounds = await takeTurns(bench, `cluster, deliveries, ${way}`, ['gateway'], async () => {
      const options = { subscribers, operations: [PLAIN], ports };
      using audience = await Audience.connect(gateways[0], options);
      await synchronise(audience);
      return await runTraffic(audience, pace);
    });
    const row = {
      scenario: `${count(subscribers)} subscribers, saturated, ${way}`,
      unit: 'deliveries a second',
      of: ({ deliveries, elapsedMs }: RunReport) => (deliveries * 1_000) / elapsedMs,
    };
    return summarise('cluster', rounds, [row], ({ loadBusy }) => ({ loadBusy }));
  };

  const alone = owned.use(await Contender.start('gateway', apart, { core: undefined }));
  const one = owned.use(await startMember(nats, boxes, 'one'));
  const measurements = [
    ...(await measure('one gateway, a file', [alone])),
    ...(await measure('one gateway on the log', [one])),
  ];
  const two = owned.use(await startMember(nats, boxes, 'two', { listens: false }));
  measurements.push(...(await measure('two gateways', [one, two])));
  const three = owned.use(await startMember(nats, boxes, 'three', { listens: false }));
  measurements.push(...(await measure('three gateways', [one, two, three])));
  return measurements;
}
