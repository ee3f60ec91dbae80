import { writeFile } from 'node:fs/promises';
import { type NatsServer, natsTestsAreSkipped, startNatsServer } from '@se5/nats-server';
import { type Simulator, startSimulator } from '@se5/simulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Gateway } from '../../src/gateway.ts';
import { askGateway, connectTo } from '../../src/privacy/erasure/ask.ts';
import type { ErasureTarget } from '../../src/privacy/erasure-target.ts';
import { TestCluster } from '../support/cluster.ts';
import { post } from '../support/gateways.ts';
import { found } from '../support/until.ts';

const historySchema = z.object({
  data: z.object({
    recognitionEvents: z.object({
      edges: z.array(z.object({ node: z.object({ identityId: z.string() }) })),
    }),
  }),
});

const HISTORY = '{ recognitionEvents { edges { node { identityId } } } }';

const historyOf = async ({ url }: Gateway): Promise<string[]> => {
  const answer = historySchema.parse(await (await post(url, HISTORY)).json());
  return answer.data.recognitionEvents.edges.map(({ node }) => node.identityId);
};

/** Settles when the gateway's history has events of these persons, and of nobody else. */
const showing = (gateway: Gateway, ids: readonly string[]): Promise<true> =>
  found(async () => {
    const shown = new Set(await historyOf(gateway));
    return (shown.size === ids.length && ids.every((id) => shown.has(id))) || undefined;
  });

const FACES = '{ recognitionEvents { edges { node { identityId faceImage { url } } } } }';

const facesSchema = z.object({
  data: z.object({
    recognitionEvents: z.object({
      edges: z.array(
        z.object({
          node: z.object({ identityId: z.string(), faceImage: z.object({ url: z.string() }) }),
        }),
      ),
    }),
  }),
});

/** The address of each person's face. */
async function facesOf({ url }: Gateway): Promise<ReadonlyMap<string, string>> {
  const { data } = facesSchema.parse(await (await post(url, FACES)).json());
  return new Map(
    data.recognitionEvents.edges.map(({ node }) => [node.identityId, node.faceImage.url]),
  );
}

const PICTURES = { images: { capture: 'always' } };

/** A gateway that reaches no box, and so reads nothing back from one. */
const onlooker = (name: string, config = {}) => ({
  config: { ...config, cluster: { name, sites: [] } },
});

describe.skipIf(natsTestsAreSkipped())('an erasure in a cluster', () => {
  let server: NatsServer;
  let simulator: Simulator;
  let cluster: TestCluster;

  beforeEach(async () => {
    server = await startNatsServer();
    simulator = await startSimulator({ seed: 1 });
    cluster = await TestCluster.of([server], [simulator]);
  });

  afterEach(async () => {
    await cluster[Symbol.asyncDispose]();
    await simulator[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const erase = async (name: string, target: ErasureTarget) => {
    const socket = await connectTo(`${cluster.journalOf(name)}.sock`);
    if (!socket) throw new Error(`no gateway listens for erasures at ${name}`);
    return askGateway(socket, target);
  };

  const listened = () =>
    simulator.until(({ configurations }) => (configurations.at(-1)?.eventList.length ?? 0) > 0);

  it('reaches every gateway, also one that was away, and takes nobody else', async () => {
    const gateways = [await cluster.start('a'), await cluster.start('b')];
    const away = await cluster.start('c');
    await listened();
    simulator.emit({ identityId: 'E-1', personType: 1 });
    simulator.emit({ identityId: 'E-2', personType: 1 });
    simulator.emit({ identityId: 'S-1', personType: 4 });
    simulator.emit({ identityId: 'S-2', personType: 4 });
    for (const gateway of [...gateways, away]) {
      await showing(gateway, ['E-1', 'E-2', 'S-1', 'S-2']);
    }
    await cluster.stop('c');
    const report = await erase('b', { kind: 'identity', identityId: 'E-1' });
    expect(report.events).toBe(1);
    // A stranger whom the box has numbered has no key: rows alone go.
    await erase('a', { kind: 'identity', identityId: 'S-1' });
    for (const gateway of gateways) await showing(gateway, ['E-2', 'S-2']);
    const back = await cluster.start('c');
    await showing(back, ['E-2', 'S-2']);
    // A gateway that reads the whole log anew learns nothing of them either.
    const anew = await cluster.start('d', onlooker('d'));
    await showing(anew, ['E-2', 'S-2']);
  });

  it('holds for a gateway whose damaged file is set aside, and for one that was behind', async () => {
    const a = await cluster.start('a');
    await listened();
    simulator.emit({ identityId: 'S-1', personType: 4 });
    await showing(a, ['S-1']);
    const damaged = await cluster.start('b', onlooker('b'));
    await showing(damaged, ['S-1']);
    await cluster.stop('b');
    await cluster.start('c', onlooker('c'));
    await cluster.stop('c');
    simulator.emit({ identityId: 'S-2', personType: 4 });
    simulator.emit({ identityId: 'S-3', personType: 4 });
    await showing(a, ['S-1', 'S-2', 'S-3']);
    await erase('a', { kind: 'identity', identityId: 'S-1' });
    await erase('a', { kind: 'identity', identityId: 'S-2' });
    // Who comes back after the erasure is seen again.
    simulator.emit({ identityId: 'S-2', personType: 4, timestamp: Date.now() + 1_000 });
    await showing(a, ['S-2', 'S-3']);
    await writeFile(cluster.journalOf('b'), 'no journal at all');
    for (const name of ['b', 'c', 'd']) {
      const gateway = await cluster.start(name, onlooker(name));
      await showing(gateway, ['S-2', 'S-3']);
      expect((await historyOf(gateway)).filter((id) => id === 'S-2')).toHaveLength(1);
    }
  });

  it('by time reaches the last day on a gateway that reads the log anew', async () => {
    const a = await cluster.start('a');
    await listened();
    simulator.emit({ identityId: 'E-1', personType: 1 });
    simulator.emit({ identityId: 'S-1', personType: 4 });
    await showing(a, ['E-1', 'S-1']);
    await erase('a', { kind: 'before', time: Date.now() });
    await showing(a, []);
    simulator.emit({ identityId: 'E-2', personType: 1, timestamp: Date.now() + 1_000 });
    await showing(a, ['E-2']);
    await showing(await cluster.start('b', onlooker('b')), ['E-2']);
  });

  it('takes the pictures from every gateway at once', async () => {
    const gateways = [
      await cluster.start('a', { config: PICTURES }),
      await cluster.start('b', onlooker('b', PICTURES)),
    ];
    await simulator.until(({ configurations }) => configurations.at(-1)?.needFace === true);
    simulator.emit({ identityId: 'E-1', personType: 1 });
    simulator.emit({ identityId: 'S-1', personType: 4 });
    simulator.emit({ identityId: 'S-2', personType: 4 });
    for (const gateway of gateways) await showing(gateway, ['E-1', 'S-1', 'S-2']);
    const [a, b] = gateways;
    if (!a || !b) throw new Error('two gateways were started');
    const addresses = await facesOf(a);
    expect([...addresses.keys()].toSorted()).toEqual(['E-1', 'S-1', 'S-2']);
    const statusOf = async (gateway: Gateway, identityId: string) =>
      (await fetch(`${gateway.url}${addresses.get(identityId)}`)).status;
    const gone = (gateway: Gateway, identityId: string) =>
      found(async () => (await statusOf(gateway, identityId)) === 404 || undefined);
    for (const identityId of addresses.keys()) {
      for (const gateway of gateways) expect(await statusOf(gateway, identityId)).toBe(200);
    }
    await erase('a', { kind: 'identity', identityId: 'S-1' });
    await erase('a', { kind: 'identity', identityId: 'E-1' });
    for (const gateway of gateways) await showing(gateway, ['S-2']);
    gateways.push(await cluster.start('c', onlooker('c', PICTURES)));
    for (const gateway of gateways) {
      for (const identityId of ['S-1', 'E-1']) await gone(gateway, identityId);
      expect(await statusOf(gateway, 'S-2')).toBe(200);
    }
    await erase('b', { kind: 'before', time: Date.now() });
    for (const gateway of gateways) {
      await showing(gateway, []);
      await gone(gateway, 'S-2');
    }
  });
});
