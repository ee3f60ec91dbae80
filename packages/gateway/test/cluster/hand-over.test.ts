// clock: only how dense the events are; no test reads how long anything took.
import { setTimeout as pause } from 'node:timers/promises';
import { type NatsServer, natsTestsAreSkipped, startNatsServer } from '@se5/nats-server';
import { type Simulator, startSimulator } from '@se5/simulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Gateway } from '../../src/gateway.ts';
import { sharedBy } from '../support/box-owners.ts';
import { TestCluster } from '../support/cluster.ts';
import { nextEvent, readEvents } from '../support/event-source.ts';
import { post } from '../support/gateways.ts';

const liveSchema = z.object({
  data: z.object({
    recognitionEvents: z.object({
      identityId: z.string(),
      delivery: z.string(),
      box: z.object({ id: z.string() }),
      gapsBefore: z.array(z.object({ reason: z.string(), boxId: z.string().nullable() })),
    }),
  }),
});

type Got = z.output<typeof liveSchema>['data']['recognitionEvents'];

const SUBSCRIPTION =
  'subscription { recognitionEvents { identityId delivery box { id } gapsBefore { reason boxId } } }';

/** What a client of the gateway gets. */
class Client implements AsyncDisposable {
  readonly got: Got[] = [];
  readonly #events: ReturnType<typeof readEvents>;

  private constructor(events: ReturnType<typeof readEvents>) {
    this.#events = events;
  }

  static async of({ url }: Gateway): Promise<Client> {
    return new Client(readEvents(await post(url, SUBSCRIPTION, { Accept: 'text/event-stream' })));
  }

  async until(isOver: (got: readonly Got[]) => boolean): Promise<void> {
    while (!isOver(this.got)) {
      const { data } = await nextEvent(this.#events);
      this.got.push(liveSchema.parse(JSON.parse(data)).data.recognitionEvents);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#events.return();
  }
}

/** Boxes that say something all the time. */
class Load implements AsyncDisposable {
  /** What each box said, in order. */
  readonly said: readonly string[][];
  readonly #over = new AbortController();
  readonly #running: Promise<void>;

  constructor(simulators: readonly Simulator[]) {
    this.said = simulators.map(() => []);
    this.#running = this.#run(simulators);
  }

  get count(): number {
    return this.said.flat().length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.#running;
  }

  async #run(simulators: readonly Simulator[]): Promise<void> {
    while (!this.#over.signal.aborted) {
      for (const [box, simulator] of simulators.entries()) {
        const said = this.said[box] ?? [];
        const identityId = `${box + 1}-${said.length}`;
        said.push(identityId);
        simulator.emit({ identityId, personType: 4 });
      }
      await pause(2);
    }
  }
}

const OBSERVER = { config: { cluster: { name: 'observer', sites: [] } } };

describe.skipIf(natsTestsAreSkipped())('a box that changes hands', () => {
  let server: NatsServer;
  let simulators: Simulator[];
  let cluster: TestCluster;

  beforeEach(async () => {
    server = await startNatsServer();
    simulators = await Promise.all(
      Array.from({ length: 4 }, (_, index) => startSimulator({ seed: index + 1 })),
    );
    cluster = await TestCluster.of([server], simulators);
  });

  afterEach(async () => {
    await cluster[Symbol.asyncDispose]();
    await Promise.all(simulators.map((simulator) => simulator[Symbol.asyncDispose]()));
    await server[Symbol.asyncDispose]();
  });

  it('was heard without a gap: its events come once, LIVE and in order, whether or not it stores them', async () => {
    for (const forgetful of simulators.slice(2)) forgetful.faults.storedEvents('missing');
    const observer = await cluster.start('observer', OBSERVER);
    await cluster.start('a');
    await sharedBy(observer, ['a']);
    await using client = await Client.of(observer);
    const load = new Load(simulators);
    await client.until(({ length }) => length > 400);
    await cluster.start('b');
    await sharedBy(observer, ['a', 'b']);
    await client.until(({ length }) => length > 2_000);
    await cluster.stop('a');
    await sharedBy(observer, ['b']);
    const reached = load.count;
    await client.until(({ length }) => length > reached);
    await load[Symbol.asyncDispose]();
    await client.until(({ length }) => length >= load.count);
    const of = (box: number) => client.got.filter((got) => got.box.id === `box-${box + 1}`);
    expect(client.got.flatMap(({ gapsBefore }) => gapsBefore)).toEqual([]);
    expect(client.got.filter(({ delivery }) => delivery !== 'LIVE')).toEqual([]);
    for (const [box, said] of load.said.entries()) {
      expect(of(box).map(({ identityId }) => identityId)).toEqual(said);
    }
  });
});
