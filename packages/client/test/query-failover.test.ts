import { afterEach, describe, expect, test, vi } from 'vitest';
import { createClient } from '../src/index.ts';
import { answering } from './support/answering.ts';
import { NOWHERE, patient, refusalOf, startCluster } from './support/cluster.ts';
import { stateOf } from './support/events.ts';
import { startMuteServer } from './support/mute-server.ts';
import { TcpProxy } from './support/tcp-proxy.ts';
import { TestGateway } from './support/test-gateway.ts';

const ignore = { next: () => undefined, error: () => undefined };

afterEach(() => {
  vi.useRealTimers();
});

describe('a query', () => {
  test.for([
    [502, '<html>'],
    [503, '<html>'],
    [504, ''],
    [503, refusalOf('SHUTTING_DOWN')],
    [503, refusalOf('OVERLOADED')],
    [503, refusalOf('ISSUER_UNAVAILABLE')],
  ] as const)(
    'answered %i %s goes to the next address, and so do those after it',
    async ([status, body]) => {
      await using a = await answering(status, body);
      await using b = await TestGateway.start();
      await using client = createClient({ url: [a.url, b.url], ...patient });
      expect(await client.sites()).toHaveLength(1);
      expect(await client.sites()).toHaveLength(1);
      expect(a.requests).toEqual(['POST']);
    },
  );

  test.for([
    [429, refusalOf('RATE_LIMITED')],
    [200, refusalOf('GRAPHQL_VALIDATION_FAILED')],
  ] as const)('answered %i %s goes to no other address', async ([status, body]) => {
    await using a = await answering(status, body);
    await using b = await answering(200, '{"data":{"sites":[]}}');
    await using client = createClient({ url: [a.url, b.url], ...patient });
    await expect(client.sites()).rejects.toMatchObject({ code: 'GRAPHQL' });
    expect(b.requests).toEqual([]);
  });

  test('goes to each address once, and fails with the last error', async () => {
    await using a = await answering(503, '<html>');
    await using b = await answering(502, '<html>');
    await using client = createClient({ url: [NOWHERE, a.url, b.url], ...patient });
    const error = await client.sites().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'NETWORK' });
    expect(error).toHaveProperty(
      'message',
      expect.stringContaining(`${b.url}/graphql answered 502`),
    );
    expect([a.requests, b.requests]).toEqual([['POST'], ['POST']]);
  });

  test('that ends by its time-out is not repeated, and the next one goes elsewhere', async () => {
    await using mute = await startMuteServer();
    await using b = await answering(200, '{"data":{"sites":[]}}');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await using client = createClient({ url: [mute.url, b.url], ...patient });
    const connected = mute.connected();
    const asked = client.sites().catch((reason: unknown) => reason);
    await connected;
    vi.advanceTimersByTime(30_000);
    expect(await asked).toMatchObject({ code: 'TIMEOUT' });
    expect(b.requests).toEqual([]);
    expect(await client.sites()).toEqual([]);
  });
});

describe('a mutation', () => {
  const mutation = 'mutation { acknowledge(id: "1") { id } }';

  test('that may have been carried out is not repeated', async () => {
    await using a = await answering(503, '<html>');
    await using b = await answering(200, '{"data":{"acknowledge":{"id":"1"}}}');
    await using client = createClient({ url: [a.url, b.url], ...patient });
    await expect(client.query(mutation)).rejects.toMatchObject({ code: 'NETWORK' });
    expect(b.requests).toEqual([]);
    // The address is left, so that the caller's own next attempt may do better.
    await client.query(mutation);
    expect([a.requests, b.requests]).toEqual([['POST'], ['POST']]);
  });

  test('whose connection broke is not repeated', async () => {
    await using a = await TcpProxy.start(1);
    await using b = await answering(200, '{"data":{"acknowledge":{"id":"1"}}}');
    await using client = createClient({ url: [a.url, b.url], ...patient });
    await expect(client.query(mutation)).rejects.toMatchObject({ code: 'NETWORK' });
    expect(b.requests).toEqual([]);
  });

  test('whose connection was never made goes to the next address', async () => {
    await using b = await answering(200, '{"data":{"acknowledge":{"id":"1"}}}');
    await using client = createClient({ url: [NOWHERE, b.url], ...patient });
    expect(await client.query(mutation)).toEqual({ acknowledge: { id: '1' } });
  });
});

test('an act with a key is repeated until it is answered, and another act has another key', async () => {
  await using gateway = await answering(200, '{"data":{"addAlarmNote":{"id":"1"}}}');
  const sent: string[] = [];
  await using client = createClient({
    url: gateway.url,
    backoffMs: { min: 1, max: 5 },
    fetch: async (url, init) => {
      sent.push(init.body);
      const answer = await fetch(url, init);
      if (sent.length < 3) throw new TypeError('the connection broke after the request');
      return answer;
    },
  });
  expect(await client.addAlarmNote('1', 'Seen')).toEqual({ id: '1' });
  expect(gateway.requests).toHaveLength(3);
  expect(new Set(sent).size).toBe(1);
  await client.addAlarmNote('1', 'Seen');
  expect(new Set(sent).size).toBe(2);
});

describe('queries and pictures', () => {
  const picture = { url: '/images/key' };

  test('follow the stream to its address', async () => {
    await using cluster = await startCluster();
    const { a, b } = cluster;
    const asked: string[] = [];
    await using client = createClient({
      url: cluster.url,
      ...patient,
      fetch: (url, init) => {
        asked.push(url);
        return fetch(url, init);
      },
    });
    expect(client.imageUrl(picture)).toBe(`${a.url}/images/key`);
    client.recognitionEvents().subscribe(ignore);
    await stateOf(client, 'live');
    await client.sites();
    a.close(1012, 'Restarting');
    await stateOf(client, 'waiting');
    expect(await stateOf(client, 'live')).toMatchObject({ url: b.url });
    await client.sites();
    expect(asked).toEqual([`${a.url}/graphql`, `${b.url}/graphql`]);
    expect(client.imageUrl(picture)).toBe(`${b.url}/images/key`);
  });

  test('stay with the stream when a query alone has to go elsewhere', async () => {
    await using cluster = await startCluster();
    const { a } = cluster;
    const asked: string[] = [];
    await using client = createClient({
      url: cluster.url,
      ...patient,
      fetch: async (url, init) => {
        asked.push(url);
        return url.startsWith(a.url) ? new Response('', { status: 503 }) : fetch(url, init);
      },
    });
    client.recognitionEvents().subscribe(ignore);
    await stateOf(client, 'live');
    expect(await client.sites()).toHaveLength(1);
    expect(await client.sites()).toHaveLength(1);
    const [first, second] = cluster.url.map((url) => `${url}/graphql`);
    expect(asked).toEqual([first, second, first, second]);
    expect(client.imageUrl(picture)).toBe(`${a.url}/images/key`);
    expect(client.state).toMatchObject({ name: 'live', url: a.url });
  });
});
