import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/config/limits.ts';
import { closeWithFault } from '../../src/transport/raw-answer.ts';
import { startGateway } from '../support/gateways.ts';
import { ServedGraphQL, type ServedGraphQLOptions } from '../support/graphql.ts';
import { rawRequest } from '../support/http.ts';
import { askWithoutReading } from '../support/unread.ts';
import { until } from '../support/until.ts';

const MIB = 2 ** 20;

const HISTORY = JSON.stringify({
  query: '{ recognitionEvents(first: 16) { edges { node { identityName } } } }',
});

/** A gateway whose history is an answer of 16 MB: more than the network takes unread. */
async function withHistory(options: ServedGraphQLOptions) {
  const gateway = await ServedGraphQL.start(options);
  const identityName = 'x'.repeat(MIB);
  for (let event = 0; event < 16; event += 1) await gateway.inside.event({ identityName });
  const ask = (headers: Readonly<Record<string, string>> = {}) =>
    askWithoutReading(gateway.url, { headers, body: HISTORY });
  const read = (headers: Readonly<Record<string, string>> = {}) =>
    rawRequest(
      gateway.url,
      { 'Content-Type': 'application/json', ...headers },
      { method: 'POST', body: HISTORY },
    );
  return { gateway, ask, read, [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() };
}

const from = (address: string) => ({ 'X-Forwarded-For': address });

describe('answers that are not read', () => {
  it('are bounded in bytes; others are told, until one is read or its client has gone', async () => {
    const limits = { ...DEFAULT_LIMITS, unreadBytes: 24 * MIB };
    await using served = await withHistory({ limits });
    const unread = await served.ask();
    await until(() => served.gateway.graphql.unread.bytes > 0);
    expect(served.gateway.graphql.unread.bytes).toBeGreaterThan(16 * MIB);

    const refused = await served.read();
    expect(refused.status).toBe(503);
    expect(refused.headers['retry-after']).toBe('1');
    expect(refused.body).toContain('"TOO_MANY_UNREAD_ANSWERS"');
    expect(served.gateway.graphql.unread.bytes).toBeLessThan(24 * MIB);

    unread[Symbol.dispose]();
    await until(() => served.gateway.graphql.unread.bytes === 0);
    expect((await served.read()).status).toBe(200);
  });

  it('are bounded for each address, and nobody else is told', async () => {
    const limits = { ...DEFAULT_LIMITS, unreadBytesPerAddress: 24 * MIB };
    await using served = await withHistory({ limits });
    using _unread = await served.ask(from('192.0.2.1'));
    await until(() => served.gateway.graphql.unread.bytes > 0);
    const refused = await served.read(from('192.0.2.1'));
    expect(refused.status).toBe(429);
    expect(refused.body).toContain('"TOO_MANY_UNREAD_ANSWERS"');
    expect((await served.read(from('192.0.2.2'))).status).toBe(200);
    expect((await served.read()).status).toBe(200);
  });

  it('may be larger than the bound when they are alone', async () => {
    const limits = { ...DEFAULT_LIMITS, unreadBytes: MIB, unreadBytesPerAddress: MIB };
    await using served = await withHistory({ limits });
    const { status, body } = await served.read(from('192.0.2.1'));
    expect(status).toBe(200);
    expect(body.length).toBeGreaterThan(16 * MIB);
    await until(() => served.gateway.graphql.unread.bytes === 0);
  });

  it('are given up when they are not read to their end in time', async () => {
    await using served = await withHistory({ slowClients: { answerWithinMs: 100 } });
    using unread = await served.ask();
    await unread.answered;
    await until(() => served.gateway.graphql.unread.bytes === 0);
    const closed = once(unread.socket, 'close');
    unread.socket.resume();
    await closed;
    expect(unread.socket.bytesRead).toBeLessThan(16 * MIB);
  });

  it('are given up after slowClients.stalledAfter, whatever the route', async () => {
    const closed = Promise.withResolvers<boolean>();
    await using gateway = await startGateway({
      config: { slowClients: { stalledAfter: '1s' } },
      fallback: (_request, response) => {
        response.once('close', () => closed.resolve(response.writableFinished));
        response.end(Buffer.alloc(30 * MIB));
      },
    });
    using _unread = await askWithoutReading(`${gateway.url}/page`);
    expect(await closed.promise).toBe(false);
  });

  it('are not given up while they are being made', async () => {
    await using gateway = await startGateway({
      config: { slowClients: { stalledAfter: '1s' } },
      // Node says when the time has passed; the answer comes only then.
      fallback: (_request, response) => response.on('timeout', () => response.end('late')),
    });
    const answer = await rawRequest(`${gateway.url}/page`);
    expect(answer.body).toBe('late');
  });
});

it('a WebSocket that is refused leaves no connection behind, though its client never closes', async () => {
  const refused = Promise.withResolvers<void>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.once('close', () => refused.resolve());
    closeWithFault(socket, { status: 404, code: 'NOT_FOUND', message: 'Nothing is here.' });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const [answer] = (await once(client, 'data')) as [Buffer];
  expect(String(answer)).toContain('404 Not Found');
  await refused.promise;
  client.destroy();
  server.close();
});
