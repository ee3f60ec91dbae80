// clock: only how dense the events are; no test reads how long anything took.
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { natsTestsAreSkipped } from '@se5/nats-server';
import type { Simulator } from '@se5/simulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Gateway } from '../../src/gateway.ts';
import { boxesOf, owners, sharedBy } from '../support/box-owners.ts';
import { type ClusterStage, setClusterStage, type TestCluster } from '../support/cluster.ts';
import { nextEvent, readEvents } from '../support/event-source.ts';
import { post } from '../support/gateways.ts';
import { found } from '../support/until.ts';

const liveSchema = z.object({
  data: z.object({
    recognitionEvents: z.object({
      identityId: z.string(),
      faceImage: z.object({ url: z.string().nullable(), base64: z.string().nullable() }).nullish(),
      gapsBefore: z.array(z.object({ reason: z.string() })),
    }),
  }),
});

const subscribe = async ({ url }: Gateway, args = '', selection = '') =>
  readEvents(
    await post(
      url,
      `subscription { recognitionEvents${args} { identityId gapsBefore { reason } ${selection} } }`,
      { Accept: 'text/event-stream' },
    ),
  );

const next = async (events: Awaited<ReturnType<typeof subscribe>>) =>
  liveSchema.parse(JSON.parse((await nextEvent(events)).data)).data.recognitionEvents;

describe.skipIf(natsTestsAreSkipped())('gateways that share a log', () => {
  let stage: ClusterStage;
  let simulators: readonly Simulator[];
  let cluster: TestCluster;

  beforeEach(async () => {
    stage = await setClusterStage();
    ({ simulators, cluster } = stage);
  });

  afterEach(() => stage[Symbol.asyncDispose]());

  it('share the boxes, and each answers for all', async () => {
    const [a, b] = [await cluster.start('a'), await cluster.start('b')];
    // The first takes all boxes, and the second some of them when it is there.
    const ofA = await sharedBy(a, ['a', 'b']);
    await found(async () => isDeepStrictEqual(await owners(b), ofA) || undefined);
    expect((await boxesOf(a)).map(({ devices }) => devices)).toEqual(
      (await boxesOf(b)).map(({ devices }) => devices),
    );
    for (const simulator of simulators) {
      await simulator.until(({ connections }) => connections === 1);
    }
  });

  it('give their clients the events of all boxes, with pictures that both have', async () => {
    const gateways = [await cluster.start('a'), await cluster.start('b')];
    await Promise.all(gateways.map(owners));
    const streams = await Promise.all(
      gateways.map((gateway) =>
        subscribe(gateway, '(withImages: true)', 'faceImage { url base64 }'),
      ),
    );
    for (const simulator of simulators) {
      // The wish of a client of any gateway reaches whoever listens to the box.
      await simulator.until(({ configurations }) => configurations.at(-1)?.needFace === true);
      const { pictures, identityId } = simulator.emit({ personType: 1 });
      const events = await Promise.all(streams.map(next));
      expect(events.map((event) => event.identityId)).toEqual([identityId, identityId]);
      for (const { faceImage } of events) {
        expect(faceImage?.base64).toBe(pictures.face);
        // An address that one has signed is good on all.
        for (const { url } of gateways) {
          const response = await fetch(url + faceImage?.url);
          const bytes = Buffer.from(await response.arrayBuffer());
          expect(bytes.toString('base64')).toBe(pictures.face);
        }
      }
    }
    await Promise.all(streams.map((stream) => stream.return()));
  });

  it('hand their boxes over when they stop: nothing is lost, and nothing comes twice', async () => {
    const [a] = [await cluster.start('a'), await cluster.start('b')];
    const b = await cluster.start('c');
    await owners(b);
    const events = await subscribe(b);
    const said: string[] = [];
    const over = new AbortController();
    const saying = (async () => {
      for (let number = 0; !over.signal.aborted; number += 1) {
        for (const [box, simulator] of simulators.entries()) {
          const id = `${box}-${number}`;
          said.push(id);
          simulator.emit({ identityId: id, personType: 4 });
        }
        await pause(5);
      }
    })();
    const got: string[] = [];
    const take = async (): Promise<void> => {
      const { identityId, gapsBefore } = await next(events);
      expect(gapsBefore).toEqual([]);
      got.push(identityId);
    };
    while (got.length < 20) await take();
    await cluster.stop('a');
    while (got.length < 60) await take();
    await cluster.stop('b');
    const reached = got.length + 40;
    while (got.length < reached) await take();
    over.abort();
    await saying;
    while (got.length < said.length) await take();
    expect(got.toSorted()).toEqual(said.toSorted());
    await events.return();
    expect(a.url).not.toBe(b.url);
  });

  it('leave a box to those that can reach its site', async () => {
    const elsewhere = { config: { cluster: { name: 'b', sites: [] } } };
    const [a, b] = [await cluster.start('a'), await cluster.start('b', elsewhere)];
    expect(new Set((await owners(b)).values())).toEqual(new Set(['a']));
    const events = await subscribe(b);
    simulators[0]?.emit({ identityId: '7' });
    expect((await next(events)).identityId).toBe('7');
    await events.return();
    expect(a.port).not.toBe(b.port);
  });
});
