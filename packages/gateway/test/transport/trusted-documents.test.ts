import { createHash } from 'node:crypto';
import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client/core';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway.ts';
import { startGateway } from '../support/gateways.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { codeIn } from '../support/wire.ts';

const QUERY = 'query Sites { sites { id } }';
const OTHER = '{ boxes { id } }';
const SUBSCRIPTION = 'subscription Boxes { boxStatus { id } }';
const COSTLY = 'query Costly { recognitionEvents(last: 500) { edges { node { id } } } }';
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const HASH = hashOf(QUERY);
/** A site is there for those who may see a box of it. */
const DATA = { data: { sites: [] } };
const NOT_FOUND = {
  message: 'PersistedQueryNotFound',
  extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' },
};
const apollo = (sha256Hash: string) => ({
  extensions: { persistedQuery: { version: 1, sha256Hash } },
});

/** May run trusted documents only. */
const SCREEN = 'screen-screen-screen';
const DESK = 'desk-desk-desk-desk';

const folder = mkdtempDisposableSync(join(tmpdir(), 'documents-'));
const documents = join(folder.path, 'documents.json');
writeFileSync(
  documents,
  JSON.stringify(
    Object.fromEntries([QUERY, SUBSCRIPTION, COSTLY].map((text) => [hashOf(text), text])),
  ),
);

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({
    config: {
      limits: { cost: 600 },
      access: {
        documents,
        tokens: [
          { name: 'screen', role: 'screen', token: SCREEN },
          { name: 'desk', role: 'desk', token: DESK },
        ],
        roles: { screen: { operations: 'trusted' }, desk: {} },
      },
    },
  });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const authorization = (token: string) => ({ Authorization: `Bearer ${token}` });

const byPost = async (token: string, body: object, accept = 'application/json') => {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: accept, ...authorization(token) },
    body: JSON.stringify(body),
  });
  return response.text();
};

const byGet = async (token: string, body: Readonly<Record<string, unknown>>) => {
  const parameters = new URLSearchParams(
    Object.entries(body).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
  const headers = authorization(token);
  return (await fetch(`${gateway.url}/graphql?${parameters}`, { headers })).text();
};

const byStream = async (token: string, body: object) => {
  const text = await byPost(token, body, 'text/event-stream');
  return /^data: (.*)$/m.exec(text)?.[1] ?? text;
};

const bySocket = async (token: string, payload: object) => {
  await using socket = await RawSocket.open(`${gateway.url.replace('http', 'ws')}/graphql`);
  await socket.initialise({ token });
  socket.send({ type: 'subscribe', id: '1', payload });
  const answer = await socket.next();
  return JSON.stringify(answer.type === 'error' ? { errors: answer.payload } : answer.payload);
};

const TRANSPORTS = [
  ['POST', byPost],
  ['GET', byGet],
  ['an event stream', byStream],
  ['a WebSocket', bySocket],
] as const;

describe.each(TRANSPORTS)('over %s', (_, ask) => {
  it.each([
    ['documentId', { documentId: HASH }],
    ['documentId with its function', { documentId: `sha256:${HASH}` }],
    ['id, as Relay does', { id: HASH }],
    ['doc_id, as Relay does', { doc_id: HASH }],
    ['extensions, as Apollo does', apollo(HASH)],
  ])('a trusted document is named by %s', async (_way, body) => {
    expect(JSON.parse(await ask(SCREEN, body))).toEqual(DATA);
    expect(JSON.parse(await ask(DESK, body))).toEqual(DATA);
  });

  it('a trusted document is known by its text', async () => {
    expect(JSON.parse(await ask(SCREEN, { query: `${QUERY} # wall` }))).toEqual(DATA);
  });

  it('another document runs only for a viewer that may run anything', async () => {
    expect(codeIn(await ask(SCREEN, { query: OTHER }))).toBe('OPERATION_NOT_TRUSTED');
    expect(JSON.parse(await ask(DESK, { query: OTHER }))).toEqual({ data: { boxes: [] } });
  });

  it('another document with the hash of a trusted one is not trusted', async () => {
    expect(codeIn(await ask(SCREEN, { query: OTHER, documentId: HASH, ...apollo(HASH) }))).toBe(
      'OPERATION_NOT_TRUSTED',
    );
  });

  it.each([
    '{',
    '{ faces }',
    `{ sites { id } } ${' '.repeat(100_000)}`,
    '{ __schema { types { name } } }',
  ])('nothing is told about another document (%#)', async (query) => {
    if (ask === byGet && query.length > 10_000) return;
    expect(codeIn(await ask(SCREEN, { query }))).toBe('OPERATION_NOT_TRUSTED');
  });

  it.each([{ documentId: 'f00d' }, { id: 'f00d' }, apollo('f00d')])(
    'an unknown hash is not found: %j',
    async (body) => {
      for (const token of [SCREEN, DESK]) {
        expect(JSON.parse(await ask(token, body))).toEqual({ errors: [NOT_FOUND] });
      }
    },
  );

  it('a trusted document is held to limits of cost', async () => {
    expect(codeIn(await ask(SCREEN, { documentId: hashOf(COSTLY) }))).toBe('OPERATION_TOO_COSTLY');
  });
});

it('a subscription is begun by its hash, over a WebSocket', async () => {
  await using socket = await RawSocket.open(`${gateway.url.replace('http', 'ws')}/graphql`);
  await socket.initialise({ token: SCREEN });
  socket.send({ type: 'subscribe', id: '1', payload: { documentId: hashOf(SUBSCRIPTION) } });
  await socket.untilHeard();
  // Not refused: there is nothing to tell yet.
  expect(socket.received.filter(({ type }) => type === 'error')).toEqual([]);
  expect(socket.socket.readyState).toBe(socket.socket.OPEN);
});

it('a subscription is begun by its hash, as an event stream', async () => {
  const stop = new AbortController();
  const response = await fetch(`${gateway.url}/graphql?documentId=${hashOf(SUBSCRIPTION)}`, {
    headers: { Accept: 'text/event-stream', ...authorization(SCREEN) },
    signal: stop.signal,
  });
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'text/event-stream',
  ]);
  stop.abort();
});

it('the schema is not told to a viewer that may run trusted documents only', async () => {
  const ask = (token: string) =>
    fetch(`${gateway.url}/schema.graphql`, { headers: authorization(token) });
  expect((await ask(DESK)).status).toBe(200);
  const refused = await ask(SCREEN);
  expect([refused.status, codeIn(await refused.text())]).toEqual([403, 'OPERATION_NOT_TRUSTED']);
});

it.each([false, true])(
  'Apollo Client runs by hash alone: by GET %s',
  async (useGETForHashedQueries) => {
    // With the hash that the build has written, so that the text need not be the same.
    const link = new PersistedQueryLink({
      generateHash: () => HASH,
      useGETForHashedQueries,
    }).concat(new HttpLink({ uri: `${gateway.url}/graphql`, headers: authorization(SCREEN) }));
    const client = new ApolloClient({ link, cache: new InMemoryCache() });
    const { data } = await client.query({ query: gql('query Sites { sites { id __typename } }') });
    expect(data).toEqual(DATA.data);
    client.stop();
  },
);

it('a gateway whose documents can not run does not start', async () => {
  const broken = join(folder.path, 'broken.json');
  writeFileSync(broken, '{"abc":"{ faces }"}');
  await expect(startGateway({ config: { access: { documents: broken } } })).rejects.toThrow(
    `${broken}: document "abc": Cannot query field "faces"`,
  );
});

it('a role of trusted documents without documents is no configuration', async () => {
  const access = {
    tokens: [{ name: 'screen', role: 'screen', token: SCREEN }],
    roles: { screen: { operations: 'trusted' } },
  };
  expect(() => startGateway({ config: { access } })).toThrow(
    'access.roles.screen.operations: found trusted, but no trusted documents are named',
  );
});
