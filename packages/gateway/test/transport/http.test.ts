import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServedGraphQL } from '../support/graphql.ts';

const PLAIN = 'application/json';
const MODERN = 'application/graphql-response+json';

describe('GraphQL over HTTP', () => {
  let gateway: ServedGraphQL;
  beforeAll(async () => {
    gateway = await ServedGraphQL.start();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  const post = (body: unknown, accept = MODERN, signal?: AbortSignal) =>
    fetch(gateway.url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: accept },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...(signal && { signal }),
    });
  const codesOf = async (response: Response) => {
    const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
    return errors.map(({ extensions }) => extensions.code);
  };

  it('answers a query by POST, with variables and by the name of the operation', async () => {
    const query = 'query One { sites { id } } query Two($id: ID!) { box(id: $id) { name } }';
    const response = await post({ query, variables: { id: 'a' }, operationName: 'Two' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(MODERN);
    expect(await response.json()).toEqual({ data: { box: { name: 'Box a' } } });
  });

  it('answers a query by GET', async () => {
    const search = new URLSearchParams({
      query: 'query ($id: ID!) { box(id: $id) { name } }',
      variables: JSON.stringify({ id: 'b' }),
    });
    const response = await fetch(`${gateway.url}?${search}`);
    expect(await response.json()).toEqual({ data: { box: { name: 'Box b' } } });
  });

  it.each([
    ['no GraphQL', { query: '{' }, 'GRAPHQL_PARSE_FAILED'],
    ['not of this schema', { query: '{ faces }' }, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'without its variables',
      { query: 'query ($id: ID!) { box(id: $id) { id } }' },
      'BAD_USER_INPUT',
    ],
    ['of many operations', { query: 'query A { cursor } query B { cursor }' }, 'BAD_USER_INPUT'],
    ['without a query', {}, 'BAD_REQUEST'],
    ['no JSON', '{', 'BAD_REQUEST'],
    ['a batch', [{ query: '{ cursor }' }], 'BAD_REQUEST'],
  ])('answers what is %s with 400 and a code', async (_, body, code) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(await codesOf(response)).toEqual([code]);
  });

  it('answers the same with 200 to a client that knows only plain JSON', async () => {
    const response = await post({ query: '{ faces }' }, PLAIN);
    expect(response.status).toBe(200);
    expect(await codesOf(response)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });

  it('answers variables in an address that are no JSON with 400 and a code', async () => {
    const response = await fetch(`${gateway.url}?query={cursor}&variables={`, {
      headers: { Accept: MODERN },
    });
    expect(response.status).toBe(400);
    expect(await codesOf(response)).toEqual(['BAD_USER_INPUT']);
  });

  it('shows nothing of how it answers HTTP in its errors', async () => {
    const response = await post({ query: '{ faces }' });
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: expect.not.objectContaining({ http: expect.anything() }) }],
    });
  });

  it('refuses a body above 1 MiB', async () => {
    const response = await post({ query: `{ cursor } # ${'x'.repeat(1024 * 1024)}` });
    expect(response.status).toBe(413);
    expect(await codesOf(response)).toEqual(['REQUEST_ENTITY_TOO_LARGE']);
  });

  it('refuses a document above 4,000 tokens', async () => {
    const response = await post({ query: `{ ${'a '.repeat(4_000)} }` });
    expect(await codesOf(response)).toEqual(['GRAPHQL_PARSE_FAILED']);
  });

  it.each([PLAIN, 'multipart/mixed'])(
    'does not subscribe a client that accepts only %s',
    async (accept) => {
      const response = await post({ query: 'subscription { recognitionEvents { id } }' }, accept);
      expect(response.status).toBe(406);
      expect(await codesOf(response)).toEqual(['BAD_USER_INPUT']);
      expect(gateway.subscribers).toBe(0);
    },
  );
});
