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

/** Between messages with pictures, in ms: a rate that no contender is busy with. */
const PICTURED_INTERVAL_MS = 5;

export const ingest: Figure = {
  name: 'ingest',
  title: 'From the box to the journal and one subscriber',
  measure: async (bench) => [
    await measureRate(bench),
    await measurePictured(bench, 'memory', atMost(1.5)),
    await measurePictured(bench, 'disk'),
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
  target?: Target,
): Promise<Measurement> {
  const setup = { pictureBytes: PICTURE_BYTES, capturesAlways: true, pictureStore };
  await using servers = await Servers.start(bench, ['gateway', 'bare'], setup, PLAIN);
  const { picturedEvents } = bench.plan.ingest;
  const title = `ingest with pictures, kept ${KEPT[pictureStore]}`;
  const rounds = await takeServerTurns(bench, title, servers.all, (server) =>
    server.name === 'bare'
      ? measureDiscarding(bench, server, picturedEvents)
      : measureIngesting(bench, server, picturedEvents),
  );
  return summarise(
    {
      figure: ingest.name,
      scenario: `three pictures of 60 KB, kept ${KEPT[pictureStore]}; bare: read and discarded`,
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

async function measureIngesting(bench: Bench, server: Server, events: number): Promise<Ingested> {
  await using session = await Session.open(bench, server, {
    subscribers: 1,
    operations: [PLAIN],
    picturesAsked: true,
  });
  return await session.measure({ kind: 'steady', events, intervalMs: PICTURED_INTERVAL_MS });
}

async function measureDiscarding(bench: Bench, server: Server, events: number): Promise<Ingested> {
  const feed = async (count: number) => {
    const before = await server.process.call('usage');
    const intervalMs = PICTURED_INTERVAL_MS;
    await bench.load.call('feed', { group: server.group, events: count, intervalMs });
    for (;;) {
      const after = await server.process.call('usage');
      const read = (after.messages ?? 0) - (before.messages ?? 0);
      if (read === count) return after.cpuMicros - before.cpuMicros;
      await delay(10);
    }
  };
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
