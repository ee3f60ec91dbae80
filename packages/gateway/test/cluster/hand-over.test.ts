// clock: only how dense the events are; no test reads how long anything took.
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '@nats-io/transport-node';
import { type Clock, systemClock } from '@se5/core';
import { type NatsServer, natsTestsAreSkipped } from '@se5/nats-server';
import type { Simulator } from '@se5/simulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Gateway } from '../../src/gateway.ts';
import { sharedBy } from '../support/box-owners.ts';
import { type ClusterStage, setClusterStage, type TestCluster } from '../support/cluster.ts';
import { Command } from '../support/command.ts';
import { configFile } from '../support/config-file.ts';
import { nextEvent, readEvents } from '../support/event-source.ts';
import { configText, post } from '../support/gateways.ts';

const liveSchema = z.object({
  data: z.object({
    recognitionEvents: z.object({
      identityId: z.string(),
      delivery: z.string(),
      box: z.object({ id: z.string() }),
      gapsBefore: z.array(
        z.object({
          boxId: z.string().nullable(),
          from: z.coerce.date().nullable(),
          to: z.coerce.date().nullable(),
        }),
      ),
    }),
  }),
});

type Got = z.output<typeof liveSchema>['data']['recognitionEvents'];

const SUBSCRIPTION = `subscription {
  recognitionEvents { identityId delivery box { id } gapsBefore { boxId from to } }
}`;

interface Said {
  readonly id: string;
  readonly box: string;
  /** By the clock of the box, which is right. */
  readonly at: number;
}

/** What a client of the gateway gets. */
class Client implements AsyncDisposable {
  readonly got: Got[] = [];
  readonly gaps: Got['gapsBefore'][number][] = [];
  readonly #ids = new Set<string>();
  readonly #events: ReturnType<typeof readEvents>;

  private constructor(events: ReturnType<typeof readEvents>) {
    this.#events = events;
  }

  static async of({ url }: Gateway): Promise<Client> {
    return new Client(readEvents(await post(url, SUBSCRIPTION, { Accept: 'text/event-stream' })));
  }

  /** How many different events came. */
  get count(): number {
    return this.#ids.size;
  }

  async until(isOver: (got: readonly Got[]) => boolean): Promise<void> {
    while (!isOver(this.got)) {
      const { data } = await nextEvent(this.#events);
      const got = liveSchema.parse(JSON.parse(data)).data.recognitionEvents;
      this.got.push(got);
      this.gaps.push(...got.gapsBefore);
      this.#ids.add(got.identityId);
    }
  }

  /** Until each of these has come, or lies in a gap of its box. */
  async untilAccounted(said: readonly Said[]): Promise<void> {
    let accounted = 0;
    await this.until(() => {
      for (const each of said.slice(accounted)) {
        if (!this.#ids.has(each.id) && !this.#isInGap(each)) return false;
        accounted += 1;
      }
      return true;
    });
  }

  #isInGap({ box, at }: Said): boolean {
    return this.gaps.some(
      ({ boxId, from, to }) =>
        boxId === box && from && to && from.getTime() <= at && at <= to.getTime(),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#events.return();
  }
}

/** Boxes that say something all the time. */
class Load implements AsyncDisposable {
  /** In order. */
  readonly said: Said[] = [];
  readonly #over = new AbortController();
  readonly #running: Promise<void>;

  constructor(simulators: readonly Simulator[]) {
    this.#running = this.#run(simulators);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.#running;
  }

  async #run(simulators: readonly Simulator[]): Promise<void> {
    while (!this.#over.signal.aborted) {
      for (const [index, simulator] of simulators.entries()) {
        const id = String(this.said.length);
        const { timestamp } = simulator.emit({ identityId: id, personType: 4 });
        this.said.push({ id, box: `box-${index + 1}`, at: timestamp });
      }
      await pause(5);
    }
  }
}

class StoppableClock implements Clock {
  readonly boot = undefined;
  #stoppedAt: number | undefined;

  now(): number {
    return systemClock.now();
  }

  elapsed(): number {
    return this.#stoppedAt ?? systemClock.elapsed();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(ms, signal);
  }

  stop(): void {
    this.#stoppedAt = this.elapsed();
  }
}

/** Resolves to a promise that resolves when a gateway asks another one for a box. */
async function asksFor({ url }: NatsServer): Promise<{ readonly asked: Promise<void> }> {
  const connection = await connect({ servers: url });
  const { promise, resolve } = Promise.withResolvers<void>();
  connection.subscribe('se5_cluster.taking', { callback: () => resolve() });
  await connection.flush();
  return { asked: promise.then(() => connection.close()) };
}

const OBSERVER = { config: { cluster: { name: 'observer', sites: [] } } };

describe.skipIf(natsTestsAreSkipped())('a box that changes hands', () => {
  let stage: ClusterStage;
  let server: NatsServer;
  let simulators: readonly Simulator[];
  let cluster: TestCluster;

  beforeEach(async () => {
    stage = await setClusterStage();
    ({ server, simulators, cluster } = stage);
  });

  afterEach(() => stage[Symbol.asyncDispose]());

  it('was heard without a gap: its events come once, LIVE and in order, whether or not it stores them', async () => {
    for (const forgetful of simulators.slice(2)) forgetful.faults.storedEvents('missing');
    const observer = await cluster.start('observer', OBSERVER);
    await cluster.start('a');
    await sharedBy(observer, ['a']);
    await using client = await Client.of(observer);
    const load = new Load(simulators);
    await client.until(({ length }) => length > 100);
    await cluster.start('b');
    await sharedBy(observer, ['a', 'b']);
    await cluster.stop('a');
    await sharedBy(observer, ['b']);
    await client.untilAccounted([...load.said]);
    await load[Symbol.asyncDispose]();
    await client.untilAccounted(load.said);
    expect(client.gaps).toEqual([]);
    expect(client.got.filter(({ delivery }) => delivery !== 'LIVE')).toEqual([]);
    for (const [index] of simulators.entries()) {
      const id = `box-${index + 1}`;
      const got = client.got.filter(({ box }) => box.id === id);
      expect(got.map(({ identityId }) => identityId)).toEqual(
        load.said.filter(({ box }) => box === id).map((said) => said.id),
      );
    }
  });

  it('is missing nothing that is not declared when its owner dies while it hands it over', async () => {
    for (const forgetful of simulators.slice(2)) forgetful.faults.storedEvents('missing');
    const observer = await cluster.start('observer', OBSERVER);
    await using file = await configFile(configText(simulators, cluster.configOf('a')));
    await using a = new Command(['--config', file.path]);
    await sharedBy(observer, ['a']);
    await using client = await Client.of(observer);
    const load = new Load(simulators);
    await client.until(({ length }) => length > 100);
    const { asked } = await asksFor(server);
    await cluster.start('b');
    await asked;
    a.kill('SIGKILL');
    await sharedBy(observer, ['b']);
    await client.untilAccounted([...load.said]);
    await load[Symbol.asyncDispose]();
    await client.untilAccounted(load.said);
    expect(client.got.map(({ identityId }) => identityId)).toHaveLength(client.count);
  });

  it('is not waited for by a gateway that stops when no other one can take it', async () => {
    const clock = new StoppableClock();
    const a = await cluster.start('a', { clock });
    const observer = await cluster.start('observer', OBSERVER);
    await sharedBy(observer, ['a']);
    await sharedBy(a, ['a']);
    await using client = await Client.of(a);
    // Whatever waits until a time waits for ever.
    clock.stop();
    await cluster.stop('a');
    await expect(client.until(() => false)).rejects.toThrow('terminated');
  });
});
