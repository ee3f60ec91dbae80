import { findNatsServer, startNatsServer } from '@se5/nats-server';
import { Contender } from '../contenders/process.ts';
import { Audience } from '../load/audience.ts';
import { Boxes } from '../load/boxes.ts';
import { runTraffic, synchronise } from '../load/traffic.ts';
import { PLAIN } from '../operations.ts';
import type { Measurement } from '../report/measurement.ts';
import { type Bench, count, type Figure } from './figure.ts';
import { atMost, ofGateway, type Row, summarise, takeTurns } from './rounds.ts';

/** Boxes of the gateways of which one is killed, and how many gateways there are. */
const BOXES = 12;
const GATEWAYS = 3;

export const cluster: Figure = {
  name: 'cluster',
  title: 'Several gateways that share a log on NATS JetStream',
  measure: async (bench) => {
    if (findNatsServer() === undefined) {
      bench.log('cluster: there is no nats-server; `pnpm nats` gets one');
      return [];
    }
    return [...(await measureLatency(bench)), ...(await measureTakeover(bench))];
  },
};

interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

/** How far an event travels: through a file, through the log, and through it to another gateway. */
async function measureLatency(bench: Bench): Promise<Measurement[]> {
  await using nats = await startNatsServer();
  await using owned = new AsyncDisposableStack();
  const start = async (boxes: Boxes, options: { name?: string; listens?: boolean } = {}) => {
    const { name, listens = true } = options;
    const shared = name === undefined ? {} : { cluster: { server: nats.url, name, listens } };
    return owned.use(await Contender.start('gateway', boxes, { core: undefined, ...shared }));
  };
  const open = async () => owned.use(await Boxes.open());
  const alone = await start(await open());
  const boxes = await open();
  const owner = await start(boxes, { name: 'owner' });
  const other = await start(boxes, { name: 'other', listens: false });
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
    measurements.push(...summarise(cluster.name, rounds, rows));
  }
  return measurements;
}

/** How long nobody listens to the boxes of a gateway that is killed. */
async function measureTakeover(bench: Bench): Promise<Measurement[]> {
  const rounds = await takeTurns(bench, 'cluster, takeover', ['gateway'], takeOver);
  const what = `${BOXES} boxes, ${GATEWAYS} gateways of which one is killed: a box is heard again`;
  return summarise(cluster.name, rounds, [
    { scenario: `${what}, median`, unit: 'ms', of: ({ median }) => median },
    {
      scenario: `${what}, worst`,
      unit: 'ms',
      of: ({ worst }) => worst,
      rule: ofGateway(atMost(5_000)),
    },
  ]);
}

async function takeOver(): Promise<{ readonly median: number; readonly worst: number }> {
  await using nats = await startNatsServer();
  await using boxes = await Boxes.open({ boxes: BOXES });
  await using owned = new AsyncDisposableStack();
  const gateways: Contender[] = [];
  for (let number = 1; number <= GATEWAYS; number += 1) {
    const name = `gateway-${number}`;
    const options = { core: undefined, cluster: { server: nats.url, name } };
    gateways.push(owned.use(await Contender.start('gateway', boxes, options)));
  }
  for (;;) {
    const retaken = boxes.retaken();
    gateways.pop()?.kill();
    const times = (await retaken).toSorted((a, b) => a - b);
    const [median, worst] = [times[Math.floor(times.length / 2)], times.at(-1)];
    // A gateway that has just come may have no box yet: then it is the turn of the next.
    if (median !== undefined && worst !== undefined) return { median, worst };
    if (gateways.length === 1) throw new Error('no gateway had a box to lose');
  }
}
