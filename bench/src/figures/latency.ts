import { CONTENDERS } from '../contenders/contender.ts';
import type { Percentiles } from '../load/percentiles.ts';
import type { Operation } from '../operation.ts';
import type { LatencyPlan } from '../plan.ts';
import type { Measurement } from '../report/measurement.ts';
import type { Bench, Figure } from './figure.ts';
import { PICTURED, PLAIN } from './operations.ts';
import { count, loadBusy } from './quantities.ts';
import { againstBare, atMost, type Rounds, summarise, takeServerTurns, verdict } from './rounds.ts';
import { type Server, Servers } from './server.ts';
import { type Reading, Session } from './session.ts';

const PICTURE_BYTES = 30_000;

interface Scenario {
  readonly title: string;
  readonly operation: Operation;
  readonly pictures: boolean;
  readonly plan: LatencyPlan;
}

interface Readings {
  readonly calm: Reading;
  /** With one client more, that has stopped reading. */
  readonly stalled: Reading;
}

export const latency: Figure = {
  name: 'latency',
  title: 'From the box to the client',
  async measure(bench) {
    const { plain, pictures } = bench.plan.latency;
    return [
      ...(await measureScenario(bench, {
        title: `${count(plain.subscribers)} subscribers, ${plain.rate} events a second`,
        operation: PLAIN,
        pictures: false,
        plan: plain,
      })),
      ...(await measureScenario(bench, {
        title: `${count(pictures.subscribers)} subscribers, ${pictures.rate} a second, three pictures of 30 KB`,
        operation: PICTURED,
        pictures: true,
        plan: pictures,
      })),
    ];
  },
};

async function measureScenario(bench: Bench, scenario: Scenario): Promise<Measurement[]> {
  const setup = scenario.pictures ? { pictureBytes: PICTURE_BYTES } : {};
  await using servers = await Servers.start(bench, CONTENDERS, setup, scenario.operation);
  const rounds = await takeServerTurns(
    bench,
    'latency',
    servers.all,
    async (server): Promise<Readings> => ({
      calm: await measureServer(bench, server, scenario),
      stalled: await measureStalled(bench, server, scenario),
    }),
  );
  const summary = (state: keyof Readings, percentile: keyof Percentiles, name: string) =>
    summarise(
      {
        figure: latency.name,
        scenario: `${scenario.title}${state === 'stalled' ? ', one stalled' : ''}: ${name}`,
        unit: 'ms',
        of: (readings) => percentileOf(readings[state], percentile),
        loadBusy: (readings) => loadBusy(readings[state]),
        verdicts: [againstBare(percentile === 'p99' ? atMost(1.2) : undefined)],
      },
      rounds,
    );
  const stalledMedian = summary('stalled', 'p50', 'p50');
  return [
    summary('calm', 'p50', 'p50'),
    summary('calm', 'p99', 'p99'),
    summary('calm', 'p999', 'p99.9'),
    { ...stalledMedian, verdicts: [...stalledMedian.verdicts, movedByStalled(rounds)] },
    summary('stalled', 'p99', 'p99'),
    summary('stalled', 'p999', 'p99.9'),
  ];
}

/** By how much the stalled client moves the others' median. */
const movedByStalled = (rounds: Rounds<Readings>) =>
  verdict(
    '÷ without the stalled one',
    (rounds.get('gateway') ?? []).map(
      ({ calm, stalled }) => percentileOf(stalled, 'p50') / percentileOf(calm, 'p50'),
    ),
    atMost(1.1),
  );

const percentileOf = ({ latencyMs }: Reading, percentile: keyof Percentiles): number =>
  latencyMs?.[percentile] ?? Number.NaN;

async function measureServer(bench: Bench, server: Server, scenario: Scenario): Promise<Reading> {
  const { subscribers, rate, events } = scenario.plan;
  await using session = await Session.open(bench, server, {
    subscribers,
    operations: [scenario.operation],
    picturesAsked: scenario.pictures,
    picturesShown: scenario.pictures,
  });
  return await session.measure(
    { kind: 'steady', events, intervalMs: 1_000 / rate },
    { latency: true },
  );
}

/** The stalled client comes first, and gets more than fits into any buffer on its way. */
async function measureStalled(bench: Bench, server: Server, scenario: Scenario): Promise<Reading> {
  const { group, port } = server;
  await bench.load.call('subscribeStalled', { port, operation: scenario.operation });
  await bench.load.call('configured', { group, pictures: scenario.pictures });
  await bench.load.call('feed', { group, events: scenario.plan.stallingEvents, intervalMs: 0 });
  return measureServer(bench, server, scenario);
}
