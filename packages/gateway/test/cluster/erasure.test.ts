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

  it('reaches every gateway, also one that was away, and takes nobody else', async () => {
    const gateways = [await cluster.start('a'), await cluster.start('b')];
    const away = await cluster.start('c');
    await simulator.until(
      ({ configurations }) => (configurations.at(-1)?.eventList.length ?? 0) > 0,
    );
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
    const anew = await cluster.start('d');
    await found(async () => (await historyOf(anew)).includes('E-2') || undefined);
    expect(await historyOf(anew)).not.toContain('E-1');
  });
});
