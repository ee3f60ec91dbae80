import { natsTestsAreSkipped, startNatsServer } from '@se5/nats-server';
import { startSimulator } from '@se5/simulator';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { surveyCluster } from '../../src/cluster/survey/survey-cluster.ts';
import type { NatsConfig } from '../../src/config/config.ts';
import { askGateway, connectTo } from '../../src/privacy/erasure/ask.ts';
import { TestCluster } from '../support/cluster.ts';
import { pages } from '../support/docs.ts';
import { nextEvent, readEvents } from '../support/event-source.ts';
import { post } from '../support/gateways.ts';

const deliveredSchema = z.object({
  data: z.object({
    recognitionEvents: z.object({
      identityId: z.string(),
      faceImage: z.object({ url: z.string() }).nullable(),
    }),
  }),
});

const SUBSCRIPTION =
  'subscription { recognitionEvents(withImages: true) { identityId faceImage { url } } }';

/** What the page tells operators to give a gateway. */
async function documentedPermissions() {
  const page = await pages('cluster');
  const subjects = (list: string): string[] => {
    const [, written = ''] = new RegExp(`${list}: \\[(.*?)\\]`, 's').exec(page) ?? [];
    return z.array(z.string()).parse(JSON.parse(`[${written}]`));
  };
  return { publish: subjects('publish'), subscribe: subjects('subscribe') };
}

it.skipIf(natsTestsAreSkipped())(
  'gateways use the permissions that the documentation lists, and need no other',
  async () => {
    const login = { user: 'se5', password: 'p' };
    const users = [{ ...login, permissions: await documentedPermissions() }];
    await using server = await startNatsServer({ config: { authorization: { users } } });
    await using simulator = await startSimulator();
    await using cluster = await TestCluster.of([server], [simulator], login);
    const gateways = [await cluster.start('a'), await cluster.start('b')];
    const streams = await Promise.all(
      gateways.map(async ({ url }) =>
        readEvents(await post(url, SUBSCRIPTION, { Accept: 'text/event-stream' })),
      ),
    );
    const delivered = () =>
      Promise.all(
        streams.map(async (events) => {
          const { data } = deliveredSchema.parse(JSON.parse((await nextEvent(events)).data));
          return data.recognitionEvents;
        }),
      );
    await simulator.until(({ configurations }) => configurations.at(-1)?.needFace === true);

    // As many as go in batches, of persons that have no keys yet.
    for (let person = 0; person < 150; person += 1) {
      simulator.emit({ identityId: `P-${person}`, personType: 1 });
    }
    // On a slow machine some come while the box changes hands: read back, in any order.
    const coming = new Set(Array.from({ length: 150 }, (_, person) => `P-${person}`));
    while (coming.size > 0) {
      const events = await delivered();
      const [first, second] = events.map(({ identityId }) => identityId);
      expect(second).toBe(first);
      expect(coming.delete(first ?? '')).toBe(true);
      for (const [index, { url }] of gateways.entries()) {
        const picture = await fetch(url + events[index]?.faceImage?.url);
        expect(picture.status).toBe(200);
        await picture.arrayBuffer();
      }
    }
    const socket = await connectTo(`${cluster.journalOf('b')}.sock`);
    if (!socket) throw new Error('no gateway listens for erasures');
    const erased = await askGateway(socket, { kind: 'identity', identityId: 'P-3' });
    expect(erased.events).toBe(1);

    // They come back after their server was away, and hand their boxes over.
    await server.restart();
    simulator.emit({ identityId: 'Q-1', personType: 1 });
    expect(await delivered()).toMatchObject([{ identityId: 'Q-1' }, { identityId: 'Q-1' }]);
    await Promise.all(streams.map((events) => events.return()));
    await cluster.stop('a');
    await cluster.start('c');
    const nats: NatsConfig = {
      ...{ servers: [server.url], stream: 'se5', replicas: 1, tls: undefined },
      login: { kind: 'user', ...login },
    };
    expect((await surveyCluster({ nats, sites: [] })).streams).toHaveLength(5);
    expect(server.log.split('\n').filter((line) => line.includes('Violation'))).toEqual([]);
  },
);
