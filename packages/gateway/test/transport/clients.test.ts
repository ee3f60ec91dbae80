import { ApolloClient, ApolloLink, gql, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { subscriptionExchange, Client as UrqlClient } from '@urql/core';
import { EventSource } from 'eventsource';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { CLIENT_STALLED } from '../../src/transport/client-socket.ts';
import { ServedGraphQL } from '../support/graphql.ts';
import { until } from '../support/until.ts';

const QUERY = `subscription ($withImages: Boolean) {
  recognitionEvents(withImages: $withImages) {
    __typename cursor identityName identityInfo
    faceImage { __typename url base64 }
  }
}`;
const VARIABLES = { withImages: true };

type Result = { readonly data?: unknown } | null | undefined;

/** Subscribes, and hands on what it gets; returns how to stop. */
type Subscribe = (gateway: ServedGraphQL, take: (result: Result) => void) => () => unknown;

const webSocket = ({ webSocketUrl }: ServedGraphQL) =>
  createWsClient({ url: webSocketUrl, webSocketImpl: WebSocket });

const ignoring = { error: () => {}, complete: () => {} };

const CLIENTS: readonly (readonly [string, Subscribe])[] = [
  [
    'graphql-ws',
    (gateway, next) => {
      const client = webSocket(gateway);
      client.subscribe({ query: QUERY, variables: VARIABLES }, { next, ...ignoring });
      return () => client.dispose();
    },
  ],
  [
    'graphql-sse',
    ({ url }, next) => {
      const client = createSseClient({ url });
      client.subscribe({ query: QUERY, variables: VARIABLES }, { next, ...ignoring });
      return () => client.dispose();
    },
  ],
  [
    'Apollo Client',
    (gateway, next) => {
      const socket = webSocket(gateway);
      const client = new ApolloClient({
        link: ApolloLink.from([new GraphQLWsLink(socket)]),
        cache: new InMemoryCache(),
      });
      const query = gql(QUERY);
      client
        .subscribe({ query, variables: VARIABLES, fetchPolicy: 'no-cache' })
        .subscribe({ next });
      return () => {
        client.stop();
        return socket.dispose();
      };
    },
  ],
  [
    'urql',
    (gateway, next) => {
      const socket = webSocket(gateway);
      const client = new UrqlClient({
        url: gateway.url,
        preferGetMethod: false,
        exchanges: [
          subscriptionExchange({
            forwardSubscription: ({ query = '', variables }) => ({
              subscribe: (sink) => ({
                unsubscribe: socket.subscribe(
                  { query, variables: { ...variables } },
                  {
                    ...sink,
                    next: ({ data = null, errors }) =>
                      sink.next({ data, errors: [...(errors ?? [])] }),
                  },
                ),
              }),
            }),
          }),
        ],
      });
      client.subscription(QUERY, VARIABLES).subscribe(next);
      return () => socket.dispose();
    },
  ],
  [
    'EventSource',
    ({ url }, next) => {
      const search = new URLSearchParams({ query: QUERY, variables: JSON.stringify(VARIABLES) });
      const source = new EventSource(`${url}?${search}`);
      source.addEventListener('next', ({ data }) => next(JSON.parse(String(data)) as Result));
      return () => source.close();
    },
  ],
];

describe('the clients that people use', () => {
  let gateway: ServedGraphQL;
  beforeEach(async () => {
    gateway = await ServedGraphQL.start();
  });
  afterEach(() => gateway[Symbol.asyncDispose]());

  it('all get the same events', async () => {
    const got = CLIENTS.map((): unknown[] => []);
    const stops = CLIENTS.map(([, subscribe], index) =>
      subscribe(gateway, (result) => got[index]?.push(result?.data)),
    );
    await until(() => gateway.subscribers === CLIENTS.length);
    const pictures = gateway.put('face', 'A'.repeat(40_000));
    for (let made = 0; made < 5; made += 1) {
      await gateway.inside.event({
        identityName: `Visitor ${made}`,
        identityInfo: { made },
        pictures,
      });
    }
    await until(() => got.every(({ length }) => length === 5));
    const [first] = got;
    expect(first).toMatchObject(
      [0, 1, 2, 3, 4].map((made) => ({
        recognitionEvents: {
          identityName: `Visitor ${made}`,
          identityInfo: { made },
          faceImage: { base64: 'A'.repeat(40_000) },
        },
      })),
    );
    for (const events of got) expect(events).toEqual(first);
    for (const stop of stops) await stop();
    await until(() => gateway.subscribers === 0);
  });

  it('of graphql-ws carries queries and subscriptions over one socket, and ends each by itself', async () => {
    const client = webSocket(gateway);
    const iterate = (query: string) => client.iterate({ query });
    const all = iterate('subscription { recognitionEvents { identityId } }');
    const none = iterate('subscription { recognitionEvents(deviceIds: []) { identityId } }');
    const boxes = iterate('subscription { boxStatus(boxIds: ["b"]) { id } }');
    const [event, nothing, box] = [all.next(), none.next(), boxes.next()];
    const answer = iterate('{ box(id: "a") { name } }').next();
    expect((await answer).value).toEqual({ data: { box: { name: 'Box a' } } });
    expect((await box).value).toEqual({ data: { boxStatus: { id: 'b' } } });
    await until(() => gateway.subscribers === 2);
    expect(gateway.websocket.sockets.size).toBe(1);
    await gateway.inside.event({ identityId: '1' });
    expect((await event).value).toEqual({ data: { recognitionEvents: { identityId: '1' } } });
    await all.return?.();
    await until(() => gateway.subscribers === 1);
    await client.dispose();
    await until(() => gateway.subscribers === 0);
    await nothing;
  });

  it('of graphql-ws comes back when it was closed because it did not read', async () => {
    const client = webSocket(gateway);
    const query = 'subscription { recognitionEvents { identityId } }';
    const events = client.iterate({ query });
    const first = events.next();
    await until(() => gateway.subscribers === 1);
    for (const socket of gateway.websocket.sockets) socket.stalled();
    await until(() => gateway.subscribers === 0);
    await until(() => gateway.subscribers === 1);
    await gateway.inside.event({ identityId: '1' });
    expect((await first).value).toEqual({ data: { recognitionEvents: { identityId: '1' } } });
    await client.dispose();
    expect(CLIENT_STALLED).toBe(4503);
  });

  it('of the browser, EventSource, goes on from the last id when it was cut off', async () => {
    const search = new URLSearchParams({
      query: 'subscription { recognitionEvents { identityId } }',
    });
    const source = new EventSource(`${gateway.url}?${search}`);
    const seen: string[] = [];
    source.addEventListener('next', ({ data }) => seen.push(String(data)));
    await until(() => gateway.subscribers === 1);
    await gateway.inside.event({ identityId: '1' });
    await until(() => seen.length === 1);
    gateway.cutOff();
    await gateway.inside.event({ identityId: '2' });
    await until(() => seen.length === 2);
    expect(seen[1]).toContain('"identityId":"2"');
    source.close();
  });
});
