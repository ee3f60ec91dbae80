import { type EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { OPEN_VIEWER } from '../../src/access/roles.ts';
import { createHttpTransport } from '../../src/transport/http.ts';
import { InsideGraphQL } from '../support/graphql.ts';

const asked = { query: 'subscription { recognitionEvents { id } }' };

const listenersOf = (emitter: EventEmitter): Record<string, number> =>
  Object.fromEntries(
    emitter.eventNames().map((name) => [String(name), emitter.listenerCount(name)]),
  );

it.each([
  ['GET', `?${new URLSearchParams(asked)}`, null],
  ['POST', '', JSON.stringify(asked)],
])('nobody listens to what read a %s once its stream is open', async (method, search, body) => {
  await using inside = new InsideGraphQL();
  using transport = createHttpTransport(inside.graphql);
  const left = Promise.withResolvers<Record<'request' | 'response', Record<string, number>>>();
  const before = { request: {}, response: {} };
  await using server = createServer((request, response) => {
    Object.assign(before, { request: listenersOf(request), response: listenersOf(response) });
    transport
      .handle(request, response, OPEN_VIEWER)
      .then(() => ({ request: listenersOf(request), response: listenersOf(response) }))
      .then(left.resolve, left.reject);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const headers = { Accept: 'text/event-stream', 'Content-Type': 'application/json' };
  const answer = await fetch(`http://127.0.0.1:${port}/graphql${search}`, {
    method,
    body,
    headers,
  });
  const { request, response } = await left.promise;
  await answer.body?.cancel();
  expect(answer.status).toBe(200);
  expect(request).toEqual(before.request);
  // It is told when the stream is gone, and gives back its place: nothing else.
  expect(response).toEqual({ ...before.response, close: 2 });
});
