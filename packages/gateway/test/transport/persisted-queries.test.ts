import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client/core';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway.ts';
import { startGateway } from '../support/gateways.ts';
import { RawSocket } from '../support/raw-socket.ts';

const QUERY = '{ sites { id } }';
const DATA = { data: { sites: [{ id: 'site' }] } };
const extensions = { persistedQuery: { version: 1, sha256Hash: 'ab'.repeat(32) } };
const NOT_SUPPORTED = {
  message: 'PersistedQueryNotSupported',
  extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' },
};

describe('a document that is named by its hash', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  const byPost = async (body: unknown, accept = 'application/json') => {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: accept },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };
  const byGet = async (parameters: Record<string, string>) =>
    (await fetch(`${gateway.url}/graphql?${new URLSearchParams(parameters)}`)).json();

  it.each([{}, { query: null }, { query: '' }, { operationName: 'A', variables: {} }])(
    'by POST is answered with the error that makes clients send it: %j',
    async (beside) => {
      const request = { ...beside, extensions };
      expect(await byPost(request)).toEqual({ status: 200, body: { errors: [NOT_SUPPORTED] } });
      expect(await byPost(request, 'application/graphql-response+json')).toEqual({
        status: 400,
        body: { errors: [NOT_SUPPORTED] },
      });
    },
  );

  it('by GET is answered with the same', async () => {
    const parameters = { extensions: JSON.stringify(extensions) };
    expect(await byGet(parameters)).toEqual({ errors: [NOT_SUPPORTED] });
    expect(await byGet({ ...parameters, query: '' })).toEqual({ errors: [NOT_SUPPORTED] });
  });

  it.each([{}, { query: '' }, { query: null }])(
    'by WebSocket is answered with the same, and the socket stays: %j',
    async (beside) => {
      await using socket = await RawSocket.connected(
        `${gateway.url.replace('http', 'ws')}/graphql`,
      );
      socket.send({ type: 'subscribe', id: '1', payload: { ...beside, extensions } });
      expect(await socket.next()).toEqual({ type: 'error', id: '1', payload: [NOT_SUPPORTED] });
      socket.send({ type: 'subscribe', id: '1', payload: { query: QUERY, extensions } });
      expect(await socket.next()).toEqual({ type: 'next', id: '1', payload: DATA });
    },
  );

  it('and is there runs', async () => {
    expect((await byPost({ query: QUERY, extensions })).body).toEqual(DATA);
    expect(await byGet({ query: QUERY, extensions: JSON.stringify(extensions) })).toEqual(DATA);
  });

  it.each([false, true])(
    'makes Apollo Client send the document: by GET first %s',
    async (byGetFirst) => {
      const link = new PersistedQueryLink({
        sha256: () => extensions.persistedQuery.sha256Hash,
        useGETForHashedQueries: byGetFirst,
      }).concat(new HttpLink({ uri: `${gateway.url}/graphql` }));
      const client = new ApolloClient({ link, cache: new InMemoryCache() });
      const { data } = await client.query({ query: gql(QUERY) });
      expect(data).toMatchObject(DATA.data);
      client.stop();
    },
  );
});
