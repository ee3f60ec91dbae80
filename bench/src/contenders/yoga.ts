import { once, setMaxListeners } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DocumentNode, ExecutionArgs, GraphQLError, GraphQLSchema } from 'graphql';
import type { ServerOptions } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { createPubSub, createSchema, createYoga } from 'graphql-yoga';
import { WebSocketServer } from 'ws';
import { hostContender } from './host.ts';
import { type PeerEvent, peerTypeDefs, publishBoxes } from './peer.ts';

/** What Yoga's `getEnveloped` gives, which its own types leave open. */
interface Envelope {
  readonly schema: GraphQLSchema;
  readonly parse: (text: string) => DocumentNode;
  readonly validate: (schema: GraphQLSchema, document: DocumentNode) => readonly GraphQLError[];
  readonly contextFactory: () => unknown;
  readonly execute: NonNullable<ServerOptions['execute']>;
  readonly subscribe: NonNullable<ServerOptions['subscribe']>;
}

type Root = Pick<Envelope, 'execute' | 'subscribe'>;

/** Yoga's subscriptions over graphql-ws, as its documentation has it. */
await hostContender(async (options) => {
  // Each subscriber is a listener, which Node would take for a leak.
  setMaxListeners(0);
  const pubSub = createPubSub<{ recognition: [event: PeerEvent] }>();
  const yoga = createYoga({
    logging: false,
    schema: createSchema({
      typeDefs: peerTypeDefs,
      resolvers: {
        Subscription: {
          recognitionEvents: {
            subscribe: () => pubSub.subscribe('recognition'),
            resolve: (event: PeerEvent) => event,
          },
        },
      },
    }),
  });

  const server = createServer((request, response) => void yoga(request, response));
  const webSockets = new WebSocketServer({ server, path: yoga.graphqlEndpoint });
  useServer(
    {
      execute: (args: ExecutionArgs) => (args.rootValue as Root).execute(args),
      subscribe: (args: ExecutionArgs) => (args.rootValue as Root).subscribe(args),
      onSubscribe: async (context, _id, params) => {
        const envelope: Envelope = yoga.getEnveloped({
          ...context,
          req: context.extra.request,
          socket: context.extra.socket,
          params,
        });
        const { schema, execute, subscribe, contextFactory, parse, validate } = envelope;
        const document = parse(params.query);
        const errors = validate(schema, document);
        if (errors.length > 0) return errors;
        return {
          schema,
          operationName: params.operationName,
          document,
          variableValues: params.variables,
          contextValue: await contextFactory(),
          rootValue: { execute, subscribe },
        };
      },
    },
    webSockets,
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  await publishBoxes(options, (event) => pubSub.publish('recognition', event));
  const { port } = server.address() as AddressInfo;
  return { port };
});
