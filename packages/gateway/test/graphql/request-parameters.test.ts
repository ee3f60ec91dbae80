import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway.ts';
import { startGateway } from '../support/gateways.ts';
import { RawSocket } from '../support/raw-socket.ts';

const QUERY = '{ sites { id } }';
const DATA = { data: { sites: [{ id: 'site' }] } };
const TYPES = ['application/json', 'application/graphql-response+json'];

const refusal = (message: string, code = 'BAD_REQUEST') => ({
  errors: [{ message: expect.stringContaining(message), extensions: { code } }],
});
const NO_QUERY = refusal('The request has no query, or an empty one');

describe('the parameters of a request', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  /** The answer is the same whichever JSON the client takes. */
  const ask = async (path: string, init: RequestInit = {}) => {
    const answers = TYPES.map(async (accept) => {
      const headers = { ...init.headers, Accept: accept };
      const response = await fetch(gateway.url + path, { ...init, headers });
      const { status } = response;
      return { status, allow: response.headers.get('allow'), body: await response.json() };
    });
    const [first, second] = await Promise.all(answers);
    expect(second).toEqual(first);
    return first;
  };
  const send = (type: string, body: string) =>
    ask('/graphql', { method: 'POST', headers: { 'Content-Type': type }, body });

  it.each([
    ['{}', NO_QUERY],
    ['{"variables":{},"operationName":"A"}', NO_QUERY],
    ['{"query":null}', NO_QUERY],
    ['{"query":""}', NO_QUERY],
    ['{"query":" \\n\\t"}', NO_QUERY],
    ['{"documentId":"x"}', NO_QUERY],
    [
      '{"query":1}',
      refusal('The parameter query of the request is of type number; expected: a string.'),
    ],
    ['{"query":{}}', refusal('query')],
    ['{"query":["{ sites { id } }"]}', refusal('The parameter query of the request is a list')],
    [
      `{"query":"${QUERY}","variables":[]}`,
      refusal('parameter variables of the request is a list'),
    ],
    [`{"query":"${QUERY}","variables":"{}"}`, refusal('variables')],
    [`{"query":"${QUERY}","extensions":1}`, refusal('extensions')],
    [`{"query":"${QUERY}","operationName":5}`, refusal('operationName')],
    ['[]', refusal('Batching')],
    [`[{"query":"${QUERY}"}]`, refusal('Batching')],
    ['null', refusal('object')],
    ['"x"', refusal('object')],
    ['', refusal('JSON')],
    ['{', refusal('JSON')],
    [`{"query":"${QUERY}"} x`, refusal('JSON')],
  ])('of JSON %j are refused with 400', async (body, expected) => {
    expect(await send('application/json', body)).toEqual({
      status: 400,
      allow: null,
      body: expected,
    });
  });

  it.each([
    ['application/graphql', '', NO_QUERY],
    ['application/x-www-form-urlencoded', '', NO_QUERY],
    ['application/x-www-form-urlencoded', 'query=', NO_QUERY],
    [
      'application/x-www-form-urlencoded',
      `query=${QUERY}&variables={`,
      refusal('must be JSON', 'BAD_USER_INPUT'),
    ],
    [
      'application/x-www-form-urlencoded',
      `query=${QUERY}&variables=1`,
      refusal('parameter variables of the request is of type number'),
    ],
  ])('of %s %j are refused with 400', async (type, body, expected) => {
    expect(await send(type, body)).toEqual({ status: 400, allow: null, body: expected });
  });

  it.each([
    ['', NO_QUERY],
    ['?query=', NO_QUERY],
    ['?query=%20', NO_QUERY],
    ['?other=1', NO_QUERY],
    [`?query=${QUERY}&variables={`, refusal('must be JSON', 'BAD_USER_INPUT')],
    [`?query=${QUERY}&extensions=[]`, refusal('extensions')],
  ])('of GET /graphql%s are refused with 400', async (parameters, expected) => {
    expect(await ask(`/graphql${parameters}`)).toEqual({
      status: 400,
      allow: null,
      body: expected,
    });
  });

  describe('beside those of GraphQL over HTTP', () => {
    const request = { query: QUERY, documentId: 'x', doc_id: 1, other: { a: [] } };

    it('are ignored in JSON, in a form, and in an address', async () => {
      const answered = { status: 200, allow: null, body: DATA };
      const form = `query=${QUERY}&other=1`;
      expect(await send('application/json', JSON.stringify(request))).toEqual(answered);
      expect(await send('application/x-www-form-urlencoded', form)).toEqual(answered);
      expect(await ask(`/graphql?${form}`)).toEqual(answered);
    });

    it('are ignored in the messages of a WebSocket', async () => {
      const url = `${gateway.url.replace('http', 'ws')}/graphql`;
      await using socket = await RawSocket.connected(url);
      socket.send({ type: 'subscribe', id: '1', payload: request, other: 1 });
      expect(await socket.next()).toEqual({ type: 'next', id: '1', payload: DATA });
    });
  });

  it('without a document are refused over WebSocket with the same error', async () => {
    const url = `${gateway.url.replace('http', 'ws')}/graphql`;
    await using socket = await RawSocket.connected(url);
    for (const query of ['', ' ']) {
      socket.subscribe('1', query);
      expect(await socket.next()).toEqual({ type: 'error', id: '1', payload: NO_QUERY.errors });
    }
  });
});
