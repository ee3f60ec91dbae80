import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerClientError, type ClientError } from '../../src/transport/client-errors.ts';
import { tokenAccess } from '../support/access.ts';
import { pages } from '../support/docs.ts';
import { startGateway } from '../support/gateways.ts';
import { ServedGraphQL } from '../support/graphql.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { codeIn, onTheWire } from '../support/wire.ts';

const TOKEN = 'f00dfeedf00dfeedf00dfeed';
const access = tokenAccess(TOKEN);

describe('bytes that are no request, or not all of one', () => {
  it.each([
    ['ERR_HTTP_REQUEST_TIMEOUT', '', 408, 'REQUEST_TIMEOUT'],
    ['HPE_HEADER_OVERFLOW', 'GET / HTTP/1.1\r\nX: ', 431, 'REQUEST_HEADER_FIELDS_TOO_LARGE'],
    ['HPE_HEADER_OVERFLOW', `GET /${'x'.repeat(20_000)}`, 414, 'URI_TOO_LONG'],
    ['HPE_CHUNK_EXTENSIONS_OVERFLOW', '', 413, 'REQUEST_ENTITY_TOO_LARGE'],
    ['HPE_INVALID_METHOD', 'BREW / HTTP/1.1', 501, 'NOT_IMPLEMENTED'],
    ['HPE_INVALID_METHOD', '\u0016\u0003\u0001', 400, 'BAD_REQUEST'],
    ['HPE_INVALID_VERSION', '', 505, 'HTTP_VERSION_NOT_SUPPORTED'],
    ['HPE_INVALID_HEADER_TOKEN', '', 400, 'BAD_REQUEST'],
  ])('(%s %j) are answered with %i and %s', async (code, packet, status, expected) => {
    const error: ClientError = Object.assign(new Error(code), {
      code,
      rawPacket: Buffer.from(packet, 'latin1'),
    });
    await using server = createServer((socket) => answerClientError(error, socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const [answer] = await onTheWire((server.address() as AddressInfo).port, 'x');
    expect(answer).toMatchObject({ status, headers: { connection: 'close' } });
    expect(codeIn(answer?.body ?? '')).toBe(expected);
  });
});

describe('a credential', () => {
  it.each(['/graphql?query={cursor}', '/metrics'])(
    'that is wrong gets another text at %s than one that is missing',
    async (path) => {
      await using gateway = await startGateway({ config: { access: { token: TOKEN } } });
      const refusal = async (headers: Record<string, string>) => {
        const response = await fetch(gateway.url + path, { headers });
        const body = await response.text();
        return { status: response.status, code: codeIn(body), body };
      };
      const missing = await refusal({});
      const wrong = await refusal({ Authorization: 'Bearer wrong' });
      expect([missing, wrong]).toMatchObject([
        { status: 401, code: 'UNAUTHENTICATED' },
        { status: 401, code: 'UNAUTHENTICATED' },
      ]);
      expect(missing.body).toContain('A token is needed');
      expect(wrong.body).toContain('not the right token');
    },
  );
});

describe('a WebSocket is closed with a code in its reason', () => {
  let gateway: ServedGraphQL;
  beforeAll(async () => {
    gateway = await ServedGraphQL.start({ access, initTimeoutMs: 200 });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  const init = (payload: unknown) => ({ type: 'connection_init', payload });
  const subscribe = {
    type: 'subscribe',
    id: '1',
    payload: { query: 'subscription { boxStatus { id } }' },
  };
  it.each([
    ['without a token', [init(undefined)], 4403, /^UNAUTHENTICATED: A token is needed/],
    ['with a wrong token', [init({ token: 'wrong' })], 4403, /^UNAUTHENTICATED: This is not/],
    ['with a token that is a number', [init({ token: 1 })], 4403, /^UNAUTHENTICATED: This is not/],
    [
      'with a token that is an object',
      [init({ token: {} })],
      4403,
      /^UNAUTHENTICATED: This is not/,
    ],
    [
      'with a token that is null',
      [init({ token: null })],
      4403,
      /^UNAUTHENTICATED: A token is needed/,
    ],
    [
      'with an Authorization that is a list',
      [init({ Authorization: [`Bearer ${TOKEN}`] })],
      4403,
      /^UNAUTHENTICATED: This is not/,
    ],
    ['before connection_init', [subscribe], 4401, /^UNAUTHENTICATED: send connection_init/],
    ['without connection_init in time', [], 4408, /^REQUEST_TIMEOUT: /],
    ['with what is no message', ['{'], 4400, /^BAD_REQUEST: /],
    ['with two connection_init', [init({ token: TOKEN }), init({})], 4429, /^BAD_REQUEST: /],
    [
      'with an id that is taken',
      [init({ token: TOKEN }), subscribe, subscribe],
      4409,
      /^BAD_REQUEST: /,
    ],
  ])('%s', async (_, messages, code, reason) => {
    await using socket = await RawSocket.open(gateway.webSocketUrl);
    const closed = once(socket.socket, 'close');
    for (const message of messages) socket.send(message);
    const [closeCode, closeReason] = await closed;
    expect([closeCode, String(closeReason)]).toEqual([code, expect.stringMatching(reason)]);
  });

  it('with another subprotocol', async () => {
    await using socket = await RawSocket.open(gateway.webSocketUrl, {}, []);
    const [code, reason] = await once(socket.socket, 'close');
    expect([code, String(reason)]).toEqual([4406, expect.stringMatching(/^BAD_REQUEST: /)]);
  });

  it('when the gateway goes away', async () => {
    await using other = await ServedGraphQL.start();
    await using socket = await other.connect();
    const closed = once(socket.socket, 'close');
    await other.websocket[Symbol.asyncDispose]();
    const [code, reason] = await closed;
    expect([code, String(reason)]).toEqual([1012, expect.stringMatching(/^SHUTTING_DOWN: /)]);
  });
});

it('a message that begins with a byte order mark is read', async () => {
  await using gateway = await ServedGraphQL.start();
  await using socket = await gateway.connect();
  socket.send(`\uFEFF${JSON.stringify({ type: 'ping' })}`);
  expect(await socket.next()).toEqual({ type: 'pong' });
});

it('a route that fails says so with a code and the id of its line in the log', async () => {
  await using gateway = await startGateway({
    fallback: () => {
      throw new Error('broken');
    },
  });
  const response = await fetch(gateway.url);
  expect(response.status).toBe(500);
  expect(await response.json()).toMatchObject({
    errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR', errorId: expect.any(String) } }],
  });
});

it('every code is documented', async () => {
  const source = await readFile(new URL('../../src/errors.ts', import.meta.url), 'utf8');
  const docs = await pages('errors');
  const codes = [...source.matchAll(/\| '([A-Z_]+)'/g)].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(20);
  expect(codes.filter((code) => !docs.includes(`\`${code}\``))).toEqual([]);
});
