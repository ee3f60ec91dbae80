import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { ContenderMethods } from '../contenders/host.ts';
import { deviceIds, identityOf } from '../load/event-pool.ts';
import type { LoadMethods, OpenedBoxes } from '../load/main.ts';
import type { Operation } from '../operation.ts';
import { Child } from '../process/child.ts';
import type { Measurement } from '../report/measurement.ts';
import type { Bench, Figure } from './figure.ts';
import { PLAIN } from './operations.ts';
import { count } from './quantities.ts';
import { atMost, ofGateway, type Rounds, summarise, takeTurns } from './rounds.ts';

/** For those who are live: two seconds of events. */
const LIVE = { kind: 'steady', events: 40, intervalMs: 50 } as const;

interface Reading {
  /** Until every client has what it missed, in ms. */
  readonly levelMs: number;
  /** Of the server at its highest, and how much of that is more than before, for each client; in bytes. */
  readonly peak: number;
  readonly grown: number;
  /** From the box to those who are live, 99 of 100, in ms. */
  readonly calmMs: number;
  readonly liveMs: number;
}

export const reconnect: Figure = {
  name: 'reconnect',
  title: 'All clients come back at once after a restart',
  async measure(bench) {
    const { others } = bench.plan.reconnect;
    const clients = Math.min(bench.plan.reconnect.clients, bench.maxSubscribers - others);
    const rounds = await takeTurns(bench, 'reconnect', ['gateway'], () => round(bench, clients));
    return measurementsOf(rounds, clients, bench.plan.reconnect.others);
  },
};

async function round(bench: Bench, clients: number): Promise<Reading> {
  const { load, cores } = bench;
  const { missed } = bench.plan.reconnect;
  await using owned = new AsyncDisposableStack();
  using directory = mkdtempDisposableSync(join(tmpdir(), 'se5-bench-'));
  const boxes = await load.call('openBoxes', { boxes: 1, devices: 1, pictureBytes: 0 });
  const { group } = boxes;
  owned.defer(() => load.call('closeBoxes', group));
  const path = join(directory.path, 'journal.db');

  let operation: Operation;
  let calmMs: number;
  {
    await using gateway = await RestartedGateway.start(bench, boxes, path);
    calmMs = await withOthers(bench, group, gateway.port, () => liveLatency(bench));
    const cursor = await gateway.cursor();
    await load.call('feed', { group, events: missed, intervalMs: 1 });
    await gateway.untilKept(identityOf((await load.call('sequence', group)) - 1));
    operation = missedSince(cursor, new Date());
  }
  await using gateway = await RestartedGateway.start(bench, boxes, path);
  // A process of their own: what they have to do must not be measured as others' delay.
  await using crowd = new Child<LoadMethods>(new URL('../load/main.ts', import.meta.url), {
    core: cores.load,
  });
  return await withOthers(bench, group, gateway.port, async () => {
    const resident = await gateway.process.call('peakRss');
    const allLevel = new AbortController();
    const level = crowd
      .call('reunite', { port: gateway.port, clients, operation, due: missed })
      .finally(() => allLevel.abort());
    // What fails first is told.
    level.catch(() => undefined);
    const live: number[] = [];
    while (!allLevel.signal.aborted) live.push(await liveLatency(bench));
    const levelMs = await level;
    const peak = await gateway.process.call('peakRss');
    await crowd.call('attendance', missed);
    const grown = (peak - resident) / clients;
    return { levelMs, peak, grown, calmMs, liveMs: Math.max(...live) };
  });
}

/** While others are subscribed, and live. */
async function withOthers<Result>(
  { load, plan }: Bench,
  group: number,
  port: number,
  work: () => Promise<Result>,
): Promise<Result> {
  await load.call('subscribe', {
    group,
    port,
    subscribers: plan.reconnect.others,
    operations: [PLAIN],
    picturesAsked: false,
    picturesShown: false,
    sameBytes: false,
  });
  try {
    await load.call('synchronise');
    return await work();
  } finally {
    await load.call('leave');
  }
}

async function liveLatency({ load }: Bench): Promise<number> {
  const { latencyMs } = await load.call('run', { pace: LIVE, latency: true });
  return latencyMs?.p99 ?? Number.NaN;
}

/** Without what is live: each event would be one more for every client, and that is another figure. */
const missedSince = (cursor: string, to: Date): Operation => ({
  query: PLAIN.query.replace(
    'recognitionEvents {',
    `recognitionEvents(after: "${cursor}", filter: { to: "${to.toISOString()}" }) {`,
  ),
});

/** The gateway in a process of its own, on a journal that was there before. */
class RestartedGateway implements AsyncDisposable {
  readonly port: number;
  readonly process: Child<ContenderMethods>;

  static async start(
    { cores, load }: Bench,
    { group, ...ports }: OpenedBoxes,
    journalPath: string,
  ): Promise<RestartedGateway> {
    await using owned = new AsyncDisposableStack();
    const child = owned.use(
      new Child<ContenderMethods>(new URL('../contenders/gateway.ts', import.meta.url), {
        core: cores.server,
      }),
    );
    const { port } = await child.call('start', {
      ...ports,
      devices: deviceIds(1),
      pictures: false,
      answer: '',
      journalPath,
    });
    await load.call('configured', { group, pictures: false });
    owned.move();
    return new RestartedGateway(port, child);
  }

  private constructor(port: number, process: Child<ContenderMethods>) {
    this.port = port;
    this.process = process;
  }

  async cursor(): Promise<string> {
    return cursorSchema.parse(await this.#query('{ cursor }')).data.cursor;
  }

  /** Settles when the last event is of this person. */
  async untilKept(identityId: string): Promise<void> {
    const query = '{ recognitionEvents(last: 1) { edges { node { identityId } } } }';
    for (;;) {
      const { data } = lastSchema.parse(await this.#query(query));
      if (data.recognitionEvents.edges[0]?.node.identityId === identityId) return;
      await delay(POLL_MS);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.process[Symbol.asyncDispose]();
  }

  async #query(query: string): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${this.port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    return response.json();
  }
}

const POLL_MS = 5;

const cursorSchema = z.object({ data: z.object({ cursor: z.string() }) });
const lastSchema = z.object({
  data: z.object({
    recognitionEvents: z.object({
      edges: z.array(z.object({ node: z.object({ identityId: z.string() }) })),
    }),
  }),
});

function measurementsOf(rounds: Rounds<Reading>, clients: number, others: number): Measurement[] {
  const figure = reconnect.name;
  const all = `${count(clients)} clients at once`;
  return [
    summarise(
      { figure, scenario: `${all}: until all are level`, unit: 'ms', of: ({ levelMs }) => levelMs },
      rounds,
    ),
    summarise(
      {
        figure,
        scenario: `${all}: the server at its largest`,
        unit: 'bytes',
        of: ({ peak }) => peak,
      },
      rounds,
    ),
    summarise(
      {
        figure,
        scenario: `${all}: of which more than before`,
        unit: 'bytes each',
        of: ({ grown }) => grown,
        verdicts: [ofGateway(atMost(50_000))],
      },
      rounds,
    ),
    summarise(
      {
        figure,
        scenario: `${count(others)} live subscribers before: p99`,
        unit: 'ms',
        of: ({ calmMs }) => calmMs,
      },
      rounds,
    ),
    summarise(
      {
        figure,
        scenario: `${count(others)} live subscribers meanwhile: worst p99 of 2 s`,
        unit: 'ms',
        of: ({ liveMs }) => liveMs,
      },
      rounds,
    ),
  ];
}
