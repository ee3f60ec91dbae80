import type { GraphQLFormattedError } from 'graphql';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { directoryWith } from '../support/directory.ts';
import { ServedGraphQL } from '../support/graphql.ts';

interface Request {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
}

/** The clients have types of their own for what came as JSON. */
function formatted(errors: unknown): readonly GraphQLFormattedError[] {
  if (Array.isArray(errors)) return errors;
  throw errors instanceof Error ? errors : new TypeError('there were no errors');
}

const SECRET = 'Visitor 12 stood at the gate';

describe('the errors', () => {
  let gateway: ServedGraphQL;
  beforeAll(async () => {
    gateway = await ServedGraphQL.start({
      directory: (inside) =>
        directoryWith(inside, {
          findDevices: (id) => {
            if (id === 'broken') throw new TypeError(SECRET);
            return inside.findDevices(id);
          },
          onStatus: () => {
            throw new TypeError(SECRET);
          },
        }),
    });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  /** The same request by every transport. */
  const transports: Record<
    string,
    (request: Request) => Promise<readonly GraphQLFormattedError[]>
  > = {
    async HTTP(request) {
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(request),
      });
      const { errors } = (await response.json()) as { errors: GraphQLFormattedError[] };
      return errors;
    },
    async SSE(request) {
      const client = createSseClient({ url: gateway.url, retryAttempts: 0 });
      for await (const { errors } of client.iterate(request)) {
        return formatted(errors);
      }
      throw new Error('the stream has ended');
    },
    async WebSocket(request) {
      const client = createClient({
        url: gateway.webSocketUrl,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
      });
      try {
        for await (const { errors } of client.iterate(request)) return formatted(errors);
        throw new Error('the operation has ended');
      } catch (errors) {
        // What graphql-ws was told by a message of type `error`.
        return formatted(errors);
      } finally {
        await client.dispose();
      }
    },
  };
  const everywhere = Object.keys(transports);
  const errorsOf = (transport: string, request: Request) => {
    const ask = transports[transport];
    if (!ask) throw new Error(transport);
    return ask(request);
  };

  const cases: [string, Request, string, string | RegExp][] = [
    ['a syntax error', { query: '{' }, 'GRAPHQL_PARSE_FAILED', /^Syntax Error/],
    ['an unknown field', { query: '{ faces }' }, 'GRAPHQL_VALIDATION_FAILED', /faces/],
    [
      'a variable that is missing',
      { query: 'query ($id: ID!) { box(id: $id) { id } }' },
      'BAD_USER_INPUT',
      /\$id/,
    ],
    [
      'a time without an offset in a variable',
      {
        query:
          'query ($from: DateTime) { recognitionEvents(filter: { from: $from }) { totalCount } }',
        variables: { from: '2026-01-31T08:30:00' },
      },
      'BAD_USER_INPUT',
      /"\$from".*with its offset/,
    ],
    [
      'a time without an offset in the document',
      { query: '{ recognitionEvents(filter: { from: "yesterday" }) { totalCount } }' },
      'GRAPHQL_VALIDATION_FAILED',
      /with its offset/,
    ],
    [
      'a null where the default was better',
      { query: 'query ($id: ID = "a") { box(id: $id) { id } }', variables: { id: null } },
      'BAD_USER_INPUT',
      /id/,
    ],
    [
      'a bare device id of several boxes',
      { query: '{ device(id: "gate") { id } }' },
      'AMBIGUOUS_DEVICE',
      /a\/gate, b\/gate/,
    ],
    [
      'a cursor that is none, in history',
      { query: '{ recognitionEvents(after: "x") { totalCount } }' },
      'INVALID_CURSOR',
      /cursor/,
    ],
    [
      'a cursor that is none, in a subscription',
      { query: 'subscription { recognitionEvents(after: "x") { id } }' },
      'INVALID_CURSOR',
      /cursor/,
    ],
    [
      'no operation of that many',
      { query: 'query A { cursor } query B { cursor }' },
      'BAD_USER_INPUT',
      /operation/,
    ],
  ];
  it.each(cases.flatMap((each) => everywhere.map((transport) => [transport, ...each] as const)))(
    'over %s: %s',
    async (transport, _, request, code, message) => {
      const [error, ...others] = await errorsOf(transport, request);
      expect(others).toEqual([]);
      expect(error?.extensions).toEqual({ code });
      expect(error?.message).toMatch(message);
    },
  );

  it.each(
    everywhere.flatMap((transport) => [
      [transport, '{ device(id: "broken") { id } }'] as const,
      [transport, 'subscription { boxStatus { id } }'] as const,
    ]),
  )('over %s hide what went wrong inside, and log it under an id: %s', async (transport, query) => {
    const [error] = await errorsOf(transport, { query });
    const errorId = error?.extensions?.['errorId'];
    expect(error).toMatchObject({
      message: expect.stringContaining(String(errorId)),
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    });
    expect(JSON.stringify(error)).not.toContain(SECRET);
    const line = gateway.logged.find(({ fields }) => fields['errorId'] === errorId);
    expect(line).toMatchObject({ level: 'error', fields: { error: 'TypeError' } });
    expect(line?.fields['stack']).toEqual(
      expect.arrayContaining([expect.stringContaining('errors.test.ts')]),
    );
    expect(JSON.stringify(gateway.logged)).not.toContain(SECRET);
  });

  describe('of a subscription that breaks', () => {
    const query = 'subscription ($after: String) { recognitionEvents(after: $after) { id } }';
    let variables: Record<string, unknown>;
    beforeAll(async () => {
      const { journal } = gateway.inside;
      variables = { after: journal.cursorAt(journal.newest) };
      await gateway.inside.event();
      journal.read = async () => {
        throw new TypeError(SECRET);
      };
    });

    it.each(['SSE', 'WebSocket'])('over %s are hidden too', async (transport) => {
      const [error] = await errorsOf(transport, { query, variables });
      expect(error?.extensions).toEqual({
        code: 'INTERNAL_SERVER_ERROR',
        errorId: expect.any(String),
      });
      expect(JSON.stringify(error)).not.toContain(SECRET);
      expect(gateway.subscribers).toBe(0);
    });

    it('over SSE are not final: the stream ends without complete', async () => {
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
        body: JSON.stringify({ query, variables }),
      });
      const text = await response.text();
      expect(text).toContain('INTERNAL_SERVER_ERROR');
      expect(text).not.toContain('complete');
    });
  });
});
