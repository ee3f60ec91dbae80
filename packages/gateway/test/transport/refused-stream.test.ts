import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/config/limits.ts';
import { ServedGraphQL } from '../support/graphql.ts';
import { type RawAnswer, rawRequest } from '../support/http.ts';
import { boxId } from '../support/recognitions.ts';
import { until } from '../support/until.ts';

const NOTHING_WANTED = { live: false, registered: false };

/** One who is counted, unlike those of this machine. */
const FROM_AFAR = { 'X-Forwarded-For': '192.0.2.1' };

describe('a subscription over HTTP that is refused', () => {
  let gateway: ServedGraphQL;
  beforeEach(async () => {
    gateway = await ServedGraphQL.start({ limits: { ...DEFAULT_LIMITS, socketsPerAddress: 0 } });
  });
  afterEach(() => gateway[Symbol.asyncDispose]());

  const ask = (query: string, headers: Record<string, string>): Promise<RawAnswer> =>
    rawRequest(
      gateway.url,
      { 'Content-Type': 'application/json', ...headers },
      { method: 'POST', body: JSON.stringify({ query }) },
    );
  const codeOf = ({ body }: RawAnswer) => JSON.parse(body).errors[0].extensions.code;

  it.each([
    ['does not accept event streams', 406, 'BAD_USER_INPUT', { Accept: 'application/json' }],
    [
      'has too many open already',
      429,
      'TOO_MANY_CONNECTIONS',
      { Accept: 'text/event-stream', ...FROM_AFAR },
    ],
  ])('since its client %s was never subscribed', async (_, status, code, headers) => {
    const { inside } = gateway;
    const { position } = await inside.event();
    await inside.event();
    const attach = vi.spyOn(inside.fanout, 'attach');
    const read = vi.spyOn(inside.journal, 'read');
    const after = inside.journal.cursorAt(position);
    const answer = await ask(
      `subscription {
        recognitionEvents(withImages: true, after: "${after}") { faceImage { url } }
      }`,
      headers,
    );
    expect(answer.status).toBe(status);
    expect(codeOf(answer)).toBe(code);
    expect(attach.mock.calls.length).toBe(0);
    expect(read.mock.calls.length).toBe(0);
    expect(inside.demand.of(boxId('a'))).toEqual(NOTHING_WANTED);
  });

  it('keeps nobody from asking a query', async () => {
    const query = '{ box(id: "a") { id } }';
    const data = '{"data":{"box":{"id":"a"}}}';
    const plain = await ask(query, { Accept: 'application/json', ...FROM_AFAR });
    expect(plain).toMatchObject({ status: 200, body: data });
    const streamed = await ask(query, { Accept: 'text/event-stream', ...FROM_AFAR });
    expect(streamed).toMatchObject({ status: 200, body: expect.stringContaining(data) });
  });

  it('is told first what is wrong with its document', async () => {
    const answer = await ask('subscription { faces }', { Accept: 'application/json' });
    expect(codeOf(answer)).toBe('GRAPHQL_VALIDATION_FAILED');
  });
});

it('a subscription that could not become one gives its place back', async () => {
  await using gateway = await ServedGraphQL.start({
    limits: { ...DEFAULT_LIMITS, socketsPerAddress: 1 },
  });
  const query = 'subscription { recognitionEvents(after: "yesterday") { id } }';
  const search = new URLSearchParams({ query });
  const headers = { Accept: 'text/event-stream', ...FROM_AFAR };
  const answer = await rawRequest(`${gateway.url}?${search}`, headers);
  expect(answer.body).toContain('INVALID_CURSOR');
  await until(() => gateway.graphql.addresses.size === 0);
});
