import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import { type MercuriusContext, mercurius } from 'mercurius';
import { matches } from '../event-filter.ts';
import { listenToBoxes } from './box-feed.ts';
import { hostContender } from './host.ts';
import { type PeerEvent, readPeerEvent } from './peer-event.ts';
import { type PeerArguments, peerTypeDefs } from './peer-schema.ts';

const TOPIC = 'RECOGNITION';

interface Published {
  readonly recognitionEvents: PeerEvent;
}

/** Mercurius' subscriptions, as its documentation has it. */
hostContender(async (options) => {
  const app = fastify();
  const subscribeFiltered = mercurius.withFilter<
    Published,
    unknown,
    MercuriusContext,
    PeerArguments
  >(
    (_root, _args, { pubsub }) => pubsub.subscribe(TOPIC),
    ({ recognitionEvents }, { filter }) => !filter || matches(filter, recognitionEvents),
  );
  await app.register(mercurius, {
    schema: peerTypeDefs,
    subscription: true,
    resolvers: {
      Subscription: {
        recognitionEvents: {
          subscribe: (root: unknown, args: PeerArguments, context, info) =>
            args.filter
              ? subscribeFiltered(root, args, context, info)
              : context.pubsub.subscribe<Published>(TOPIC),
        },
      },
    },
  });
  await app.listen({ port: 0, host: '127.0.0.1' });

  let messages = 0;
  await listenToBoxes(options, (message, box) => {
    messages += 1;
    const recognitionEvents = readPeerEvent(message, box, messages);
    app.graphql.pubsub.publish({ topic: TOPIC, payload: { recognitionEvents } });
  });
  const { port } = app.server.address() as AddressInfo;
  return { port, messages: () => messages };
});
