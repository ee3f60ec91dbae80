import { CONTENDERS } from '../contenders/contender.ts';
import type { Pace } from '../load/pace.ts';
import type { Measurement } from '../report/measurement.ts';
import type { Bench, Figure } from './figure.ts';
import { PLAIN } from './operations.ts';
import {
  CPU_PER_DELIVERY,
  count,
  cpuPerDelivery,
  deliveriesPerSecond,
  loadBusy,
} from './quantities.ts';
import { againstBare, atLeast, atMost, summarise, takeServerTurns } from './rounds.ts';
import { type Server, Servers } from './server.ts';
import { type Reading, Session } from './session.ts';

const EVENTS_PER_BURST = 10;

/** Events under way when as many as possible are sent. */
const IN_FLIGHT = 100;

interface Readings {
  readonly oneByOne: Reading;
  readonly bursts: Reading;
  readonly saturated: Reading | undefined;
}

export const fanOut: Figure = {
  name: 'fan-out',
  title: 'Fan-out without pictures',
  async measure(bench) {
    await using servers = await Servers.start(bench, CONTENDERS, {}, PLAIN);
    const measurements: Measurement[] = [];
    for (const subscribers of bench.plan.fanOut.subscribers) {
      const rounds = await takeServerTurns(
        bench,
        `fan-out to ${count(subscribers)}`,
        servers.all,
        (server) => measureServer(bench, server, subscribers),
      );
      const about = (scenario: string) => ({
        figure: fanOut.name,
        scenario: `${count(subscribers)} subscribers, ${scenario}`,
      });
      measurements.push(
        summarise(
          {
            ...about('one by one'),
            unit: CPU_PER_DELIVERY,
            of: ({ oneByOne }) => cpuPerDelivery(oneByOne),
            loadBusy: ({ oneByOne }) => loadBusy(oneByOne),
            verdicts: [againstBare(atMost(1.1))],
          },
          rounds,
        ),
        summarise(
          {
            ...about(`bursts of ${EVENTS_PER_BURST}`),
            unit: CPU_PER_DELIVERY,
            of: ({ bursts }) => cpuPerDelivery(bursts),
            loadBusy: ({ bursts }) => loadBusy(bursts),
            verdicts: [againstBare(atMost(0.3))],
          },
          rounds,
        ),
      );
      if (subscribers !== bench.plan.fanOut.saturated) continue;
      measurements.push(
        summarise(
          {
            ...about('saturated'),
            unit: 'deliveries a second',
            of: ({ saturated }) => (saturated ? deliveriesPerSecond(saturated) : Number.NaN),
            loadBusy: ({ saturated }) => saturated?.loadBusy ?? Number.NaN,
            serverBusy: ({ saturated }) => saturated?.serverBusy ?? Number.NaN,
            verdicts: [againstBare(atLeast(3.5))],
          },
          rounds,
        ),
      );
    }
    return measurements;
  },
};

async function measureServer(bench: Bench, server: Server, subscribers: number): Promise<Readings> {
  const { windowMs, fanOut } = bench.plan;
  const operations = [PLAIN];
  await using session = await Session.open(bench, server, { subscribers, operations });
  const lockstep = { kind: 'lockstep', durationMs: windowMs } as const;
  const saturated: Pace = { kind: 'saturated', durationMs: windowMs, inFlight: IN_FLIGHT };
  return {
    oneByOne: await session.measure({ ...lockstep, eventsPerBurst: 1 }),
    bursts: await session.measure({ ...lockstep, eventsPerBurst: EVENTS_PER_BURST }),
    saturated: subscribers === fanOut.saturated ? await session.measure(saturated) : undefined,
  };
}
