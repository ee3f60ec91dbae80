import { setTimeout as delay } from 'node:timers/promises';
import { CONTENDERS, type PictureStore } from '../contenders/contender.ts';
import type { ParserMethods } from '../contenders/parsers.ts';
import { Child } from '../process/child.ts';
import type { Measurement, Target } from '../report/measurement.ts';
import type { Bench, Figure } from './figure.ts';
import { PLAIN } from './operations.ts';
import { CPU_PER_EVENT, cpuPerEvent, eventsPerSecond, loadBusy, serverBusy } from './quantities.ts';
import {
  againstBare,
  atLeast,
  atMost,
  ofGateway,
  summarise,
  takeServerTurns,
  verdict,
} from './rounds.ts';
import { type Server, Servers } from './server.ts';
import { Session } from './session.ts';

const PICTURE_BYTES = 60_000;

/** Events under way when as many as possible are sent. */
const IN_FLIGHT = 500;

/** How messages with pictures come. */
const PICTURED_PACES = {
  /** A rate that no contender is busy with: each message comes to a server at rest. */
  '5 ms apart': { intervalMs: 5 },
  saturated: { intervalMs: 0, inFlight: 20 },
} as const satisfies Readonly<Record<string, PicturedPace>>;

interface PicturedPace {
  readonly intervalMs: number;
  /** Messages under way; undefined: as many as come. */
  readonly inFlight?: number;
}

export const ingest: Figure = {
  name: 'ingest',
  title: 'From the box to the journal and one subscriber',
  measure: async (bench) => [
    await measureRate(bench),
    await measurePictured(bench, 'memory', 'saturated', atMost(1.5)),
    await measurePictured(bench, 'memory', '5 ms apart', atMost(1.5)),
    await measurePictured(bench, 'disk', 'saturated'),
    await measurePictured(bench, 'disk', '5 ms apart'),
    await measureDecode(bench, 'names in ASCII', 'Visitor 12'),
    // One such letter, and the message takes twice the memory as a string of V8.
    await measureDecode(bench, 'names in Chinese', '访客 12'),
  ],
};

async function measureRate(bench: Bench): Promise<Measurement> {
  await using servers = await Servers.start(bench, CONTENDERS, {}, PLAIN);
  const rounds = await takeServerTurns(bench, 'ingest', servers.all, async (server) => {
    await using session = await Session.open(bench, server, {
      subscribers: 1,
      operations: [PLAIN],
    });
    const durationMs = bench.plan.windowMs;
    return await session.measure({ kind: 'saturated', inFlight: IN_FLIGHT, durationMs });
  });
  return summarise(
    {
      figure: ingest.name,
      scenario: 'without pictures, saturated',
      unit: 'events a second',
      of: eventsPerSecond,
      loadBusy,
      serverBusy,
      verdicts: [ofGateway(atLeast(10_000))],
    },
    rounds,
  );
}

/** The gateway keeps the pictures and tells one subscriber; the bare client reads and discards. */
async function measurePictured(
  bench: Bench,
  pictureStore: PictureStore,
  rhythm: keyof typeof PICTURED_PACES,
  target?: Target,
): Promise<Measurement> {
  const setup = { pictureBytes: PICTURE_BYTES, capturesAlways: true, pictureStore };
  await using servers = await Servers.start(bench, ['gateway', 'bare'], setup, PLAIN);
  const pace = PICTURED_PACES[rhythm];
  const title = `ingest with pictures, kept ${KEPT[pictureStore]}, ${rhythm}`;
  const rounds = await takeServerTurns(bench, title, servers.all, (server) =>
    server.name === 'bare'
      ? measureDiscarding(bench, server, pace)
      : measureIngesting(bench, server, pace),
  );
  return summarise(
    {
      figure: ingest.name,
      scenario: `three pictures of 60 KB, kept ${KEPT[pictureStore]}, ${rhythm}; bare: read and discarded`,
      unit: CPU_PER_EVENT,
      of: cpuPerEvent,
      verdicts: [againstBare(target)],
    },
    rounds,
  );
}

const KEPT = { memory: 'in memory', disk: 'on disk' } as const satisfies Record<
  PictureStore,
  string
>;

interface Ingested {
  readonly cpuMicros: number;
  readonly events: number;
}

async function measureIngesting(
  bench: Bench,
  server: Server,
  { intervalMs, inFlight }: PicturedPace,
): Promise<Ingested> {
  await using session = await Session.open(bench, server, {
    subscribers: 1,
    operations: [PLAIN],
    picturesAsked: true,
  });
  const { plan } = bench;
  return await session.measure(
    inFlight === undefined
      ? { kind: 'steady', events: plan.ingest.picturedEvents, intervalMs }
      : { kind: 'saturated', durationMs: plan.windowMs, inFlight },
  );
}

async function measureDiscarding(
  bench: Bench,
  server: Server,
  { intervalMs }: PicturedPace,
): Promise<Ingested> {
  const feed = async (count: number) => {
    const before = await server.process.call('usage');
    await bench.load.call('feed', { group: server.group, events: count, intervalMs });
    for (;;) {
      const after = await server.process.call('usage');
      const read = (after.messages ?? 0) - (before.messages ?? 0);
      if (read === count) return after.cpuMicros - before.cpuMicros;
      await delay(10);
    }
  };
  const events = bench.plan.ingest.picturedEvents;
  await feed(Math.ceil(events / 2));
  return { cpuMicros: await feed(events), events };
}

/** In one process: no sockets, no gateway. */
async function measureDecode(bench: Bench, kind: string, name: string): Promise<Measurement> {
  await using parsers = new Child<ParserMethods>(
    new URL('../contenders/parsers.ts', import.meta.url),
    { core: bench.cores.server },
  );
  const { parsedMessages: count } = bench.plan.ingest;
  await parsers.call('prepare', { pictureBytes: PICTURE_BYTES, name });
  const decode: number[] = [];
  const json: number[] = [];
  // The first round only makes the code hot.
  for (let round = -1; round < bench.plan.rounds; round += 1) {
    const decodeMicros = await parsers.call('time', { parser: 'decode', count: count * 10 });
    const jsonMicros = await parsers.call('time', { parser: 'json', count });
    if (round < 0) continue;
    decode.push(decodeMicros);
    json.push(jsonMicros);
  }
  const measurement = summarise(
    {
      figure: ingest.name,
      scenario: `decode alone, three pictures of 60 KB, ${kind}; bare: JSON.parse`,
      unit: CPU_PER_EVENT,
      of: (micros: number) => micros,
    },
    new Map([
      ['gateway', decode],
      ['bare', json],
    ]),
  );
  const faster = json.map((micros, round) => micros / (decode[round] ?? Number.NaN));
  return {
    ...measurement,
    verdicts: [verdict('times as fast as JSON.parse', faster, atLeast(10))],
  };
}
