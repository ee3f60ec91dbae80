import { CONTENDERS, type ContenderName } from '../contenders/contender.ts';
import type { Percentiles } from '../load/percentiles.ts';
import type { Operation } from '../operation.ts';
import type { LatencyPlan } from '../plan.ts';
import type { Measurement, Verdict } from '../report/measurement.ts';
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

/**
 * With one client more, that has stopped reading. Yoga does not survive one: its repeaters take
 * 1,024 events for a subscriber, and what they throw then ends the process.
 */
const WITH_STALLED: readonly ContenderName[] = ['gateway', 'bare'];

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
  const calm = await takeServerTurns(bench, 'latency', servers.all, (server) =>
    measureServer(bench, server, scenario),
  );
  const stalled = await takeServerTurns(
    bench,
    'latency beside a stalled client',
    servers.all.filter(({ name }) => WITH_STALLED.includes(name)),
    (server) => measureStalled(bench, server, scenario),
  );
  return [
    ...summarisePercentiles(scenario.title, calm),
    ...summarisePercentiles(`${scenario.title}, one stalled`, stalled, [movedBy(stalled, calm)]),
  ];
}

const PERCENTILES = [
  { of: 'p50', label: 'p50', target: undefined },
  { of: 'p99', label: 'p99', target: atMost(1.2) },
  { of: 'p999', label: 'p99.9', target: undefined },
] as const;

function summarisePercentiles(
  title: string,
  rounds: Rounds<Reading>,
  onMedian: readonly Verdict[] = [],
): Measurement[] {
  return PERCENTILES.map(({ of, label, target }) => {
    const measurement = summarise(
      {
        figure: latency.name,
        scenario: `${title}: ${label}`,
        unit: 'ms',
        of: (reading) => percentileOf(reading, of),
        loadBusy,
        verdicts: [againstBare(target)],
      },
      rounds,
    );
    if (of !== 'p50') return measurement;
    return { ...measurement, verdicts: [...measurement.verdicts, ...onMedian] };
  });
}

/** By how much the stalled client moves the others' median. */
function movedBy(stalled: Rounds<Reading>, calm: Rounds<Reading>): Verdict {
  const before = calm.get('gateway') ?? [];
  const ratios = (stalled.get('gateway') ?? []).flatMap((reading, round) => {
    const other = before[round];
    return other ? [percentileOf(reading, 'p50') / percentileOf(other, 'p50')] : [];
  });
  return verdict('÷ without the stalled one', ratios, atMost(1.1));
}

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
  await passed(bench, server, scenario);
  return measureServer(bench, server, scenario);
}

/** Settles when the server has sent all that was fed: those who are measured shall get none of it. */
async function passed(bench: Bench, server: Server, { pictures }: Scenario): Promise<void> {
  const behind = { subscribers: 1, operations: [PLAIN], picturesAsked: pictures };
  await using _ = await Session.open(bench, server, behind);
}
