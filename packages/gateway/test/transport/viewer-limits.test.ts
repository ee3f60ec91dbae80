import { describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway.ts';
import { startGateway } from '../support/gateways.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { codeIn } from '../support/wire.ts';

const TOKEN = 'desk-desk-desk-desk';
const SUBSCRIPTION = 'subscription { boxStatus { id } }';
const WAITING = 'subscription { recognitionEvents { id } }';

const gatewayWith = (limits: Readonly<Record<string, number>>) =>
  startGateway({ config: { limits, access: { token: TOKEN } } });

/** This machine is believed about whom it forwards for. */
const headersOf = (address: string) => ({
  Authorization: `Bearer ${TOKEN}`,
  'X-Forwarded-For': address,
});

const ask = (gateway: Gateway, query: string, accept = 'application/json', address = '192.0.2.1') =>
  fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: accept, ...headersOf(address) },
    body: JSON.stringify({ query }),
  });

const socketOf = (gateway: Gateway, address = '192.0.2.1') =>
  RawSocket.connected(`${gateway.url.replace('http', 'ws')}/graphql`, {
    headers: headersOf(address),
  });

const REFUSED = {
  extensions: { code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) },
  message: expect.stringContaining('limits.operationsPerMinute'),
};

describe('operations above limits.operationsPerMinute', () => {
  it('are refused over HTTP with 429 and a time, those of others go on', async () => {
    await using gateway = await gatewayWith({ operationsPerMinute: 1 });
    expect((await ask(gateway, '{ cursor }')).status).toBe(200);
    const refused = await ask(gateway, '{ cursor }');
    const seconds = Number(refused.headers.get('retry-after'));
    expect(refused.status).toBe(429);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(await refused.json()).toEqual({ errors: [REFUSED] });
    expect((await ask(gateway, '{ cursor }', undefined, '192.0.2.2')).status).toBe(200);
  });

  it('are refused over a WebSocket, which stays', async () => {
    await using gateway = await gatewayWith({ operationsPerMinute: 1 });
    await using socket = await socketOf(gateway);
    socket.subscribe('1', '{ cursor }');
    expect(await socket.next()).toMatchObject({ type: 'next', id: '1' });
    socket.subscribe('2', '{ cursor }');
    expect(await socket.next(({ id }) => id === '2')).toEqual({
      type: 'error',
      id: '2',
      payload: [REFUSED],
    });
    await socket.untilHeard();
  });

  it('are refused as event streams, whether or not they are subscriptions', async () => {
    await using gateway = await gatewayWith({ operationsPerMinute: 1 });
    await ask(gateway, '{ cursor }');
    const refused = await ask(gateway, SUBSCRIPTION, 'text/event-stream');
    expect(await refused.text()).toContain('"code":"RATE_LIMITED"');
  });

  it('are counted over all connections of a viewer', async () => {
    await using gateway = await gatewayWith({ operationsPerMinute: 1 });
    await ask(gateway, '{ cursor }');
    await using socket = await socketOf(gateway);
    socket.subscribe('1', '{ cursor }');
    expect(await socket.next()).toMatchObject({ type: 'error', payload: [REFUSED] });
  });
});

describe('subscriptions above limits.subscriptionsPerViewer', () => {
  const FULL = { extensions: { code: 'TOO_MANY_SUBSCRIPTIONS', retryAfterMs: 5_000 } };

  it('are refused over a WebSocket until one ends', async () => {
    await using gateway = await gatewayWith({ subscriptionsPerViewer: 1 });
    await using first = await socketOf(gateway);
    await using second = await socketOf(gateway);
    first.subscribe('1', WAITING);
    await first.untilHeard();
    second.subscribe('1', WAITING);
    expect(await second.next()).toMatchObject({ type: 'error', id: '1', payload: [FULL] });
    first.complete('1');
    await first.untilHeard();
    second.subscribe('2', WAITING);
    await second.untilHeard();
    expect(second.received.filter(({ type }) => type === 'error')).toHaveLength(1);
  });

  it('are given back when the socket goes, and when a subscription fails', async () => {
    await using gateway = await gatewayWith({ subscriptionsPerViewer: 1 });
    const first = await socketOf(gateway);
    first.subscribe('wrong', 'subscription { recognitionEvents(after: "x") { id } }');
    await first.next(({ type }) => type === 'complete');
    first.subscribe('1', WAITING);
    await first.untilHeard();
    expect(first.received.map(({ type }) => type)).not.toContain('error');
    await first[Symbol.asyncDispose]();
    await using second = await socketOf(gateway);
    // The gateway hears of the end of a socket by itself, in no order with what others send.
    for (let id = 0; ; id += 1) {
      second.subscribe(String(id), WAITING);
      await second.untilHeard();
      if (!second.received.some((message) => message.id === String(id))) break;
    }
  });

  it('are refused as event streams with 429', async () => {
    await using gateway = await gatewayWith({ subscriptionsPerViewer: 1 });
    await using socket = await socketOf(gateway);
    socket.subscribe('1', WAITING);
    await socket.untilHeard();
    const refused = await ask(gateway, WAITING, 'application/json, text/event-stream');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
    expect(await refused.json()).toMatchObject({ errors: [FULL] });
  });
});

it('pictures above limits.picturesPerMinute are refused with 429 and a time', async () => {
  await using gateway = await gatewayWith({ picturesPerMinute: 1 });
  const picture = (address: string) =>
    fetch(`${gateway.url}/images/unknown`, { headers: { 'X-Forwarded-For': address } });
  expect((await picture('192.0.2.1')).status).toBe(404);
  const refused = await picture('192.0.2.1');
  expect([refused.status, codeIn(await refused.text())]).toEqual([429, 'RATE_LIMITED']);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await picture('192.0.2.2')).status).toBe(404);
});
