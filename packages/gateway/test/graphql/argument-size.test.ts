import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/config/limits.ts';
import { InsideGraphQL, ServedGraphQL } from '../support/graphql.ts';
import { RawSocket } from '../support/raw-socket.ts';

const SUBSCRIPTION = `subscription ($ids: [ID!], $filter: RecognitionEventFilter) {
  recognitionEvents(deviceIds: $ids, filter: $filter) { id }
}`;

const ids = (count: number): string[] => Array.from({ length: count }, (_, n) => `box/device-${n}`);

const withCode = (code: string) => ({ errors: [{ extensions: { code } }] });

describe('a list in the arguments', () => {
  it('may name 1,000 devices, and not one more', async () => {
    await using gateway = new InsideGraphQL();
    await gateway.subscribe(SUBSCRIPTION, { ids: ids(1_000), filter: { deviceIds: ids(1_000) } });
    for (const variables of [{ ids: ids(1_001) }, { filter: { deviceIds: ids(1_001) } }]) {
      expect(await gateway.ask(SUBSCRIPTION, variables)).toEqual({
        errors: [
          {
            message: expect.stringMatching(/1001 items; allowed: 1000 \(limits\.listItems\)/),
            extensions: { code: 'LIST_TOO_LONG' },
          },
        ],
      });
    }
    expect(gateway.subscribers).toBe(1);
  });

  it('may name as many as is configured', async () => {
    await using gateway = new InsideGraphQL({ limits: { ...DEFAULT_LIMITS, listItems: 2 } });
    const query = 'query ($ids: [ID!]) { boxes(siteIds: $ids) { id } }';
    expect((await gateway.ask(query, { ids: ids(2) })).errors).toBeUndefined();
    expect(await gateway.ask(query, { ids: ids(3) })).toMatchObject(withCode('LIST_TOO_LONG'));
    const literal = '{ boxes(siteIds: ["a", "b", "c"]) { id } }';
    expect(await gateway.ask(literal)).toMatchObject(withCode('LIST_TOO_LONG'));
  });
});

describe('the variables of an operation', () => {
  const limits = { ...DEFAULT_LIMITS, argumentBytes: 100 };

  it.each([
    ['in long strings', { ids: ['é'.repeat(51)] }],
    ['in many values', { ids: [...'abcdefghijklm'] }],
    [
      'nested as deeply as text allows',
      { ids: JSON.parse(`${'['.repeat(900)}${']'.repeat(900)}`) },
    ],
  ])('may not have more bytes than is configured: %s', async (_, variables) => {
    await using gateway = new InsideGraphQL({ limits });
    expect(await gateway.ask(SUBSCRIPTION, variables)).toMatchObject(
      withCode('ARGUMENTS_TOO_LARGE'),
    );
  });

  it('may not have numbers whose digits JSON has lost', async () => {
    await using gateway = new InsideGraphQL();
    const ask = (ids: unknown[]) =>
      gateway.ask('query ($ids: [ID!]) { devices(boxIds: $ids) { id } }', { ids });
    expect((await ask([Number.MAX_SAFE_INTEGER, '110101199003078515'])).errors).toBeUndefined();
    expect(await ask([Number('110101199003078515')])).toEqual({
      errors: [
        {
          message: expect.stringContaining('Send ids as text'),
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ],
    });
  });

  it('are those that the document declares: others are not looked at', async () => {
    await using gateway = new InsideGraphQL({ limits });
    const others = { other: 'x'.repeat(1_000), more: ids(2_000) };
    expect(await gateway.ask('{ cursor }', others)).toMatchObject({ data: {} });
  });
});

describe('the errors of an answer', () => {
  const unknown = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`unknown${n}`, 'x'.repeat(50)]));

  it('are ten, and one that says that there are more, each of some hundred characters', async () => {
    await using gateway = new InsideGraphQL();
    const { errors = [] } = await gateway.ask(SUBSCRIPTION, { filter: unknown(500) });
    expect(errors.length).toBe(11);
    for (const { message, extensions } of errors) {
      expect(message.length).toBeLessThanOrEqual(501);
      expect(extensions?.['code']).toBe('BAD_USER_INPUT');
    }
    expect(errors.at(-1)?.message).toBe('There are more errors; these are the first 10.');
  });

  it('are no more when the document is wrong, or what its fields were given', async () => {
    await using gateway = new InsideGraphQL();
    const fields = (field: (n: number) => string) =>
      `{ ${Array.from({ length: 50 }, (_, n) => field(n)).join(' ')} }`;
    const wrong = await gateway.ask(fields((n) => `${'unknown'.repeat(20)}${n}`));
    expect(wrong.errors?.length).toBe(11);
    const refused = await gateway.ask(
      fields((n) => `a${n}: recognitionEvents(first: 501) { pageInfo { endCursor } }`),
    );
    expect(refused.errors?.length).toBeLessThanOrEqual(11);
    const long = await gateway.ask(`{ ${'x'.repeat(10_000)} }`);
    expect(long.errors?.[0]?.message.length).toBeLessThanOrEqual(501);
  });

  it('are as few over HTTP and over a WebSocket', async () => {
    await using gateway = await ServedGraphQL.start();
    const query = SUBSCRIPTION.replace('subscription', 'query').replace('deviceIds: $ids, ', '');
    const page = query.replace('$ids: [ID!], ', '').replace('{ id }', '{ pageInfo { endCursor } }');
    const variables = { filter: unknown(900) };
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ query: page, variables }),
    });
    const { errors } = (await response.json()) as { errors: unknown[] };
    expect(errors.length).toBe(11);
    await using socket = await RawSocket.connected(gateway.webSocketUrl);
    socket.subscribe('1', page, variables);
    const { payload } = await socket.next(({ id }) => id === '1');
    expect(payload).toMatchObject({ errors: { length: 11 } });
  });
});
