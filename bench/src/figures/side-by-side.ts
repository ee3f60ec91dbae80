import { CONTENDERS, type ContenderName } from '../contenders/contender.ts';
import { Contender, type StartOptions } from '../contenders/process.ts';
import { Audience, connectStalled } from '../load/audience.ts';
import { Boxes } from '../load/boxes.ts';
import { type Pace, type RunReport, runTraffic, synchronise } from '../load/traffic.ts';
import type { Operation } from '../operations.ts';
import type { Plan } from '../plan.ts';
import type { Measurement } from '../report/measurement.ts';
import type { Bench } from './figure.ts';
import { type Row, summarise, takeTurns } from './rounds.ts';

/** Contenders that get the same events at the same pace, by turns. */
export interface Scene extends Pick<StartOptions, 'capturesAlways' | 'pictureStore'> {
  readonly figure: string;
  /** The gateway first: the bare broadcast sends its answer. Default: all. */
  readonly contenders?: readonly ContenderName[];
  /** Default 1. */
  readonly boxes?: number;
  /** Of each of three pictures, decoded. Default 0: none. */
  readonly pictureBytes?: number;
  /** The nth subscriber has the nth of them, over and over. */
  readonly operations: readonly Operation[];
  readonly runs: readonly Run[];
}

export interface Run {
  readonly subscribers: number;
  readonly pace: Pace;
  readonly rows: readonly Row<Reading>[];
  /** Default: all of the scene. */
  readonly contenders?: readonly ContenderName[];
  /** With one subscriber more, which has stopped reading; for how long it is sent events first. */
  readonly stalledMs?: number;
}

/** One run, as both sides have seen it. */
export interface Reading extends RunReport {
  /** Of the server process, in µs. */
  readonly cpuMicros: number;
  /** The server's share of its core, 0 to 1; only where it was to be as busy as it can. */
  readonly serverBusy?: number;
}

export const CPU_PER_DELIVERY = {
  unit: 'µs CPU a delivery',
  of: ({ cpuMicros, deliveries }: Reading) => cpuMicros / deliveries,
};
export const CPU_PER_EVENT = {
  unit: 'µs CPU an event',
  of: ({ cpuMicros, events }: Reading) => cpuMicros / events,
};

/** The next event, or burst of events, when everybody has the one before. */
export const inLockstep = ({ windowMs }: Plan, eventsPerBurst = 1): Pace => ({
  kind: 'lockstep',
  durationMs: windowMs,
  eventsPerBurst,
});

/** Few, so that many events go by. */
const HEATING_SUBSCRIBERS = 10;

/** Measures one run after the other. Servers whose turn it is not have nothing to do. */
export async function sideBySide(bench: Bench, scene: Scene): Promise<Measurement[]> {
  const { figure, contenders: all = CONTENDERS, runs, operations, ...setup } = scene;
  await using owned = new AsyncDisposableStack();
  const servers = new Map<ContenderName, Contender>();
  let answer = '';
  for (const name of all) {
    const boxes = owned.use(await Boxes.open(setup));
    const options = { ...setup, core: bench.core, answer };
    const server = owned.use(await Contender.start(name, boxes, options));
    servers.set(name, server);
    // A server in use has seen thousands of events, and a new one would be measured in its compilers.
    const sample = await feed(server, operations, HEATING_SUBSCRIBERS, bench.plan.heatMs);
    if (name === 'gateway') answer = sample;
  }

  const measurements: Measurement[] = [];
  for (const { rows, pace, subscribers, stalledMs, contenders = all } of runs) {
    const title = `${figure}, ${rows[0]?.scenario}`;
    const rounds = await takeTurns(bench, title, contenders, async (name) => {
      const server = servers.get(name);
      if (!server) throw new RangeError(`${name} does not run`);
      using _stalled = stalledMs ? await stall(server, operations, stalledMs) : undefined;
      using audience = await Audience.connect(server, { subscribers, operations });
      await synchronise(audience);
      return await measure(bench.plan, server, audience, pace);
    });
    measurements.push(...summarise(figure, rounds, rows, (reading) => reading));
  }
  return measurements;
}

/** Settles when more has been sent to the stalled subscriber than fits on its way. */
async function stall(
  server: Contender,
  operations: readonly Operation[],
  durationMs: number,
): Promise<Disposable> {
  using owned = new DisposableStack();
  owned.use(await connectStalled(server.port, operations));
  // Those who are measured get none of it: all has passed when one other subscriber has it.
  await feed(server, operations, 1, durationMs);
  return owned.move();
}

/** Events under way while nothing is measured; with pictures, so few that none are left out. */
const IN_FLIGHT = { plain: 20, pictured: 4 };

/** Sends events to subscribers that come and go. @returns one answer, byte for byte. */
async function feed(
  server: Contender,
  operations: readonly Operation[],
  subscribers: number,
  durationMs: number,
): Promise<string> {
  const options = { subscribers, operations: operations.slice(0, 1) };
  using audience = await Audience.connect(server, options);
  await synchronise(audience);
  const inFlight = server.boxes.event.hasPictures ? IN_FLIGHT.pictured : IN_FLIGHT.plain;
  await runTraffic(audience, { kind: 'saturated', durationMs, inFlight });
  return audience.sample;
}

/** Measures at that pace, once the server's code is hot from some of the same. */
async function measure(
  { warmUpMs }: Plan,
  server: Contender,
  audience: Audience,
  pace: Pace,
): Promise<Reading> {
  await runTraffic(audience, { ...pace, durationMs: warmUpMs });
  const before = await server.usage();
  const report = await runTraffic(audience, pace);
  const after = await server.usage();
  const cpuMicros = after.cpuMicros - before.cpuMicros;
  const serverBusy = cpuMicros / 1_000 / (after.at - before.at);
  return { ...report, cpuMicros, ...(pace.kind === 'saturated' && { serverBusy }) };
}
