import { EventEmitter, once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { WebSocket as WsWebSocket } from 'ws';
import { type Client, createClient } from '../src/index.ts';
import { stateOf, take } from './support/events.ts';
import { TcpProxy } from './support/tcp-proxy.ts';
import { TestGateway } from './support/test-gateway.ts';
import { watchTimers } from './support/watch-timers.ts';

const quick = { backoffMs: { min: 1, max: 10 } };
const ignore = { next: () => undefined };

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('the connection', () => {
  test('is opened by the first subscription, is one for all, and ends after the last', async () => {
    await using gateway = await TestGateway.start();
    await using client = createClient({ url: gateway.url });
    expect(client.state).toEqual({ name: 'idle' });
    await client.sites();
    expect(gateway.connections).toBe(0);
    const ends = [
      client.recognitionEvents().subscribe(ignore),
      client.boxStatus().subscribe(ignore),
    ];
    expect(client.state).toEqual({ name: 'connecting', attempt: 1 });
    await stateOf(client, 'live');
    for (const end of ends) end();
    await stateOf(client, 'idle');
    await gateway.ended();
    expect(gateway.connections).toBe(1);
  });

  test('stays when a subscription follows on the last one', async () => {
    await using gateway = await TestGateway.start();
    await using client = createClient({ url: gateway.url });
    for (let round = 0; round < 3; round += 1) await take(client.boxStatus(), 1);
    expect(gateway.connections).toBe(1);
  });

  test('that died without a word is found by a ping, and replaced', async () => {
    await using gateway = await TestGateway.start();
    await using path = await TcpProxy.start(gateway.port);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const times = { pingMs: 20, pongTimeoutMs: 50 };
    await using client = createClient({ url: path.url, ...quick, ...times });
    const got = take(client.recognitionEvents(), 2);
    await stateOf(client, 'live');
    gateway.journal.append('before');
    const pinged = gateway.received('ping');
    vi.advanceTimersByTime(times.pingMs);
    await pinged;
    path.freeze();
    gateway.journal.append('into the void');
    // The answer to that ping may still come; no other does.
    while (client.state.name !== 'waiting') {
      vi.advanceTimersByTime(1);
      await nextTurn();
    }
    expect(client.state.reason.code).toBe('TIMEOUT');
    vi.advanceTimersByTime(quick.backoffMs.max);
    expect((await got).map(({ id }) => id)).toEqual(['before', 'into the void']);
  });

  test('that nobody answers is given up in time', async () => {
    const mute = createServer().listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const { port } = mute.address() as AddressInfo;
    await using client = createClient({ url: `http://127.0.0.1:${port}`, connectTimeoutMs: 20 });
    client.boxStatus().subscribe(ignore);
    expect((await stateOf(client, 'waiting')).reason.code).toBe('TIMEOUT');
    await client.dispose();
    mute.close();
  });

  test('that fails says when it will be tried again, and why', async () => {
    const HOUR_MS = 3_600_000;
    const backoffMs = { min: HOUR_MS, max: HOUR_MS };
    const began = Date.now();
    await using client = createClient({ url: 'http://127.0.0.1:1', backoffMs });
    client.boxStatus().subscribe(ignore);
    const { attempt, retryAt, reason } = await stateOf(client, 'waiting');
    expect(attempt).toBe(2);
    expect(retryAt).toBeGreaterThanOrEqual(began + HOUR_MS);
    expect(reason.code).toBe('NETWORK');
  });

  test('is tried at once when the page says that it is online again', async () => {
    const page = new EventTarget();
    vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
    vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
    await using gateway = await TestGateway.start();
    await using path = await TcpProxy.start(1);
    await using client = createClient({ url: path.url, backoffMs: { min: 3e6, max: 3e6 } });
    client.boxStatus().subscribe(ignore);
    await stateOf(client, 'waiting');
    path.target = gateway.port;
    page.dispatchEvent(new Event('online'));
    await stateOf(client, 'live');
    const pinged = gateway.received('ping');
    page.dispatchEvent(new Event('online'));
    await pinged;
  });
});

describe('a refusal', () => {
  test('of the token ends every subscription with an error that says so, and is not repeated', async () => {
    await using gateway = await TestGateway.start({ token: 'right' });
    await using client = createClient({ url: gateway.url, token: 'wrong', ...quick });
    const error = await take(client.recognitionEvents(), 1).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'ClientError', code: 'UNAUTHENTICATED' });
    expect(error).toHaveProperty('message', expect.stringContaining('token'));
    expect(client.state).toEqual({ name: 'failed', error });
    expect(gateway.connections).toBe(1);
  });

  test('is not the end of the client: the next subscription tries again', async () => {
    await using gateway = await TestGateway.start();
    await using client = createClient({ url: gateway.url });
    client.recognitionEvents().subscribe({ ...ignore, error: () => undefined });
    await stateOf(client, 'live');
    gateway.close(4401, 'no more');
    expect((await stateOf(client, 'failed')).error.code).toBe('UNAUTHENTICATED');
    expect(await take(client.boxStatus(), 1)).toMatchObject([{ id: 'hq-lobby' }]);
  });

  test('of one operation is that of its stream alone', async () => {
    await using gateway = await TestGateway.start();
    await using client = createClient({ url: gateway.url });
    const bad = take(client.subscribe('subscription { nothing }'), 1);
    await expect(bad).rejects.toMatchObject({ code: 'GRAPHQL' });
    expect(client.state.name).toBe('live');
  });

  test('to speak the protocol is a failure, not a reason to ask for ever', async () => {
    await using gateway = await TestGateway.start();
    await using client = createClient({ url: gateway.url });
    client.recognitionEvents().subscribe({ ...ignore, error: () => undefined });
    await stateOf(client, 'live');
    gateway.broadcast('hello');
    expect((await stateOf(client, 'failed')).error.code).toBe('PROTOCOL');
  });

  test('the token opens the door', async () => {
    await using gateway = await TestGateway.start({ token: 'right' });
    await using client = createClient({ url: gateway.url, token: 'right' });
    expect(await take(client.boxStatus(), 1)).toHaveLength(1);
    expect(await client.sites()).toHaveLength(1);
  });
});

describe('a handshake that fails', () => {
  const jsonOf = (code: string) =>
    JSON.stringify({ errors: [{ message: '', extensions: { code } }] });

  test.for([
    [403, 'no', 'FORBIDDEN'],
    [403, jsonOf('FORBIDDEN'), 'FORBIDDEN'],
    [421, jsonOf('FORBIDDEN'), 'FORBIDDEN'],
    [401, 'no', 'UNAUTHENTICATED'],
    [401, jsonOf('UNAUTHENTICATED'), 'UNAUTHENTICATED'],
  ] as const)('because of %i %s is final', async ([status, body, code]) => {
    await using server = await refusing(status, body);
    await using client = createClient({ url: server.url, token: 'secret', ...quick });
    const error = await take(client.recognitionEvents(), 1).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'ClientError', code, retryable: false });
    expect(client.state).toEqual({ name: 'failed', error });
    // Node's fetch itself asks twice after some of these.
    expect(new Set(server.requests)).toEqual(new Set(['upgrade', 'POST Bearer secret']));
  });

  test.for([
    [408, ''],
    [425, ''],
    [429, '<html>'],
    [500, '<html>'],
    [502, '<html>'],
    [503, '<html>'],
    [504, ''],
    [521, '<html>'],
    [503, jsonOf('SHUTTING_DOWN')],
    [429, jsonOf('TOO_MANY_CONNECTIONS')],
    [200, '{"data":{"__typename":"Query"}}'],
  ] as const)('because of %i %s is tried again', async ([status, body]) => {
    await using server = await refusing(status, body);
    const backoffMs = { min: 3_600_000, max: 3_600_000 };
    await using client = createClient({ url: server.url, backoffMs });
    client.recognitionEvents().subscribe(ignore);
    expect((await stateOf(client, 'waiting')).reason.code).toBe('NETWORK');
    expect(server.requests).toHaveLength(2);
  });

  test.for([
    [404, '<html>', {}],
    [404, jsonOf('NOT_FOUND'), {}],
    [405, jsonOf('METHOD_NOT_ALLOWED'), {}],
    [200, '<html>', { 'content-type': 'text/html; charset=utf-8' }],
    [200, '{}', { 'content-type': 'application/json' }],
    [204, '', {}],
    [400, 'The plain HTTP request was sent to HTTPS port', {}],
    [410, '', {}],
    [426, 'Upgrade Required', { 'content-type': 'text/plain' }],
  ] as const)(
    'because of %i %s, where no gateway was before, is final',
    async ([status, body, headers]) => {
      await using server = await refusing(status, body, headers);
      await using client = createClient({ url: server.url, ...quick });
      const error = await take(client.recognitionEvents(), 1).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ name: 'ClientError', code: 'PROTOCOL', retryable: false });
      const type =
        'content-type' in headers ? ` with ${headers['content-type'].split(';')[0]}` : '';
      expect(error).toHaveProperty(
        'message',
        expect.stringContaining(`${server.url}/graphql answered ${status}${type}, which is not`),
      );
      expect(error).toHaveProperty(
        'message',
        expect.stringContaining('such as http://127.0.0.1:4000'),
      );
      expect(client.state).toEqual({ name: 'failed', error });
      expect(server.requests.filter((request) => request === 'upgrade')).toHaveLength(1);
    },
  );

  test.for([301, 302, 303, 307, 308])('because of a redirect by %i is final', async (status) => {
    await using other = await refusing(200, '{"data":{"sites":[]}}');
    const location = `${other.url}/graphql?ticket=secret`;
    await using server = await refusing(status, '', { location });
    await using client = createClient({ url: server.url, ...quick });
    const error = await take(client.recognitionEvents(), 1).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'ClientError', code: 'PROTOCOL', retryable: false });
    expect(error).toHaveProperty('message', expect.stringContaining(`${other.url}/graphql,`));
    expect(error).toHaveProperty('message', expect.not.stringContaining('secret'));
    // A query may follow it, and says nothing of the address.
    expect(await client.sites()).toEqual([]);
    await expect(take(client.recognitionEvents(), 1)).rejects.toMatchObject({ code: 'PROTOCOL' });
  });

  test('says when only WebSockets do not get through', async () => {
    await using server = await refusing(200, '{"data":{"__typename":"Query"}}');
    await using client = createClient({ url: server.url, backoffMs: { min: 3e6, max: 3e6 } });
    client.recognitionEvents().subscribe(ignore);
    expect((await stateOf(client, 'waiting')).reason.message).toMatch(/forward WebSockets/);
  });

  test.for([
    ['by a WebSocket', (client: Client): Promise<unknown> => take(client.boxStatus(), 1)],
    ['by a query', (client: Client): Promise<unknown> => client.sites()],
  ] as const)(
    'where a gateway has answered %s is tried for ever, whatever answers meanwhile',
    async ([_, meet]) => {
      await using gateway = await TestGateway.start();
      await using standIn = await refusing(404, '<html>');
      await using path = await TcpProxy.start(gateway.port);
      await using client = createClient({ url: path.url, ...quick });
      await meet(client);
      path.target = standIn.port;
      path.cut();
      const got = take(client.recognitionEvents(), 1);
      await standIn.asked(3);
      path.target = gateway.port;
      path.cut();
      await stateOf(client, 'live');
      gateway.journal.append('after');
      expect(await got).toMatchObject([{ id: 'after' }]);
    },
  );

  test('is asked about no longer than a connection may take to open', async () => {
    await using server = await refusing(403, undefined);
    await using client = createClient({ url: server.url, connectTimeoutMs: 200 });
    client.recognitionEvents().subscribe(ignore);
    expect((await stateOf(client, 'waiting')).reason.code).toBe('TIMEOUT');
  });
});

/** Refuses every upgrade and every request with this status and body; without a body, requests wait. */
async function refusing(
  status: number,
  body: string | undefined,
  headers: Readonly<Record<string, string>> = {},
) {
  const requests: string[] = [];
  const upgraded = new EventEmitter<{ upgrade: [] }>();
  const server = createHttpServer((request, response) => {
    requests.push([request.method, request.headers.authorization].join(' ').trim());
    if (body !== undefined) response.writeHead(status, headers).end(body);
  });
  server.on('upgrade', (_request, socket) => {
    requests.push('upgrade');
    upgraded.emit('upgrade');
    // The path to it may be cut.
    socket.on('error', () => undefined);
    socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    requests,
    /** Resolves after so many upgrades from now on. */
    async asked(upgrades: number): Promise<void> {
      for (let n = 0; n < upgrades; n += 1) await once(upgraded, 'upgrade');
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

describe('dispose', () => {
  test('completes the streams, closes the socket and opens nothing any more', async () => {
    await using gateway = await TestGateway.start();
    const client = createClient({ url: gateway.url });
    const looped = take(client.recognitionEvents(), 1);
    const observed = new Promise<void>((resolve) => {
      client.boxStatus().subscribe({ ...ignore, complete: resolve });
    });
    await stateOf(client, 'live');
    const ended = gateway.ended();
    await client.dispose();
    expect(await looped).toEqual([]);
    await observed;
    await ended;
    expect(gateway.open).toBe(0);
    expect(client.state).toEqual({ name: 'stopped' });
    await expect(take(client.boxStatus(), 1)).rejects.toMatchObject({ code: 'CLOSED' });
    await expect(client.sites()).rejects.toMatchObject({ code: 'CLOSED' });
    expect(gateway.connections).toBe(1);
  });

  test('while waiting leaves no timer', async () => {
    await watchTimers(async (running) => {
      const client = createClient({ url: 'http://127.0.0.1:1' });
      client.boxStatus().subscribe(ignore);
      await stateOf(client, 'waiting');
      expect(await running()).toBeGreaterThan(0);
      await client.dispose();
      expect(await running()).toBe(0);
    });
  });

  test.for([
    ["the platform's", undefined],
    ['that of the package ws, which throws what nobody listens to', WsWebSocket],
  ] as const)('while connecting leaves no socket and no timer: %s', async ([_name, WebSocket]) => {
    await using gateway = await TestGateway.start();
    await watchTimers(async (running) => {
      const client = createClient({ url: gateway.url, WebSocket });
      client.boxStatus().subscribe(ignore);
      await client.dispose();
      expect(await running()).toBe(0);
    });
    expect(gateway.open).toBe(0);
  });
});
