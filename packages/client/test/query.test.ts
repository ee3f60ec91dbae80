import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createClient } from '../src/index.ts';
import { answering } from './support/answering.ts';
import { TestGateway } from './support/test-gateway.ts';

describe('a query', () => {
  test('answers with typed sites, boxes and devices', async () => {
    await using gateway = await TestGateway.start();
    await using client = createClient({ url: gateway.url });
    expect(await client.sites()).toMatchObject([{ id: 'hq', timezone: 'Asia/Shanghai' }]);
    expect(await client.boxes({ siteIds: ['hq'] })).toMatchObject([{ link: { state: 'LIVE' } }]);
    expect(await client.devices()).toMatchObject([
      { id: 'hq-lobby/gate', box: { id: 'hq-lobby' } },
    ]);
  });

  test('of your own takes its variables', async () => {
    await using gateway = await TestGateway.start();
    await using client = createClient({ url: gateway.url });
    const document = 'query ($ids: [ID!]) { boxes(siteIds: $ids) { name } }';
    expect(await client.query(document, { ids: ['hq'] })).toEqual({ boxes: [{ name: 'Lobby' }] });
  });

  test('that the gateway refuses rejects with its errors and their codes', async () => {
    await using gateway = await answering(
      200,
      '{"data":{"device":null},"errors":[{"message":"Which?","path":["device"],"extensions":{"code":"AMBIGUOUS_DEVICE"}}]}',
    );
    await using client = createClient({ url: gateway.url });
    await expect(client.query('{ device(id: "gate") { id } }')).rejects.toMatchObject({
      code: 'GRAPHQL',
      message: 'Which?',
      retryable: false,
      errors: [{ message: 'Which?', code: 'AMBIGUOUS_DEVICE', path: ['device'] }],
    });
  });

  test.for([
    [401, 'no', 'UNAUTHENTICATED', false],
    [
      401,
      '{"errors":[{"message":"","extensions":{"code":"UNAUTHENTICATED"}}]}',
      'UNAUTHENTICATED',
      false,
    ],
    [403, 'no', 'FORBIDDEN', false],
    [404, '<html>', 'PROTOCOL', false],
    [200, '<html>', 'PROTOCOL', false],
    [200, '{}', 'PROTOCOL', false],
    [404, '{"errors":[{"message":"","extensions":{"code":"NOT_FOUND"}}]}', 'PROTOCOL', false],
    [500, '<html>', 'NETWORK', true],
    [503, 'away', 'NETWORK', true],
    [200, '{"errors":[{"message":"","extensions":{"code":"SHUTTING_DOWN"}}]}', 'GRAPHQL', true],
    [429, '{"errors":[{"message":"","extensions":{"code":"RATE_LIMITED"}}]}', 'GRAPHQL', true],
    [
      429,
      '{"errors":[{"message":"","extensions":{"code":"TOO_MANY_SUBSCRIPTIONS"}}]}',
      'GRAPHQL',
      true,
    ],
  ] as const)('answered %i %s is %s', async ([status, body, code, retryable]) => {
    await using gateway = await answering(status, body);
    await using client = createClient({ url: gateway.url });
    await expect(client.sites()).rejects.toMatchObject({ name: 'ClientError', code, retryable });
  });

  test('to nobody is a NETWORK error with its cause', async () => {
    await using client = createClient({ url: 'http://127.0.0.1:1' });
    const error = await client.sites().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'NETWORK' });
    expect(error).toHaveProperty('cause.name', 'TypeError');
  });

  test('has an end: its time-out, the signal of the caller, or that of the client', async () => {
    const server = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = createClient({ url, queryTimeoutMs: 50 });
    await expect(client.sites()).rejects.toMatchObject({ code: 'TIMEOUT' });
    const abort = new AbortController();
    const aborted = client.query('{ cursor }', {}, { signal: abort.signal });
    abort.abort();
    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(
      client.query('{ cursor }', {}, { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'ABORTED' });
    const closed = client.sites();
    await client.dispose();
    await expect(closed).rejects.toMatchObject({ code: 'CLOSED' });
    server.close();
    server.closeAllConnections();
  });
});

test('a picture’s address is that of the gateway where it is relative', () => {
  const client = createClient({ url: 'http://127.0.0.1:4000/' });
  expect(client.imageUrl({ url: '/images/key' })).toBe('http://127.0.0.1:4000/images/key');
  expect(client.imageUrl({ url: 'https://faces.example.com/images/key' })).toBe(
    'https://faces.example.com/images/key',
  );
  expect(client.imageUrl({ url: null })).toBeUndefined();
  expect(client.imageUrl(null)).toBeUndefined();
  expect(client.imageUrl(undefined)).toBeUndefined();
});
