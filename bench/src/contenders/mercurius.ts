import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import { mercurius } from 'mercurius';
import { hostContender } from './host.ts';
import { type PeerEvent, peerTypeDefs, publishBoxes } from './peer.ts';

const TOPIC = 'RECOGNITION';

interface Published {
  readonly recognitionEvents: PeerEvent;
}

/** Mercurius' subscriptions, as its documentation has it. */
await hostContender(async (options) => {
  const app = fastify();
  await app.register(mercurius, {
    schema: peerTypeDefs,
    subscription: true,
    resolvers: {
      Subscription: {
        recognitionEvents: {
          subscribe: (_root, _args, { pubsub }) => pubsub.subscribe<Published>(TOPIC),
        },
      },
    },
  });
  await app.listen({ port: 0, host: '127.0.0.1' });

  await publishBoxes(options, (recognitionEvents) => {
    app.graphql.pubsub.publish({ topic: TOPIC, payload: { recognitionEvents } });
  });
  const { port } = app.server.address() as AddressInfo;
  return { port };
});
