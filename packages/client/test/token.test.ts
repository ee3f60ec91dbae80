import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type Client, ClientError, type ClientOptions, createClient } from '../src/index.ts';
import { stateOf, take } from './support/events.ts';
import { TokenGateway } from './support/token-gateway.ts';
import { watchTimers } from './support/watch-timers.ts';

const HOUR_MS = 3_600_000;

/** Of a token. Short, since other timers of the process may tick along on a clock that is advanced. */
const LIFE_MS = 120_000;

/** Whose only timers in minutes are those of tokens and of reconnects. */
const quiet = { pingMs: 10 * HOUR_MS, backoffMs: { min: 1, max: 10 } };

const ignore = { next: () => undefined, error: () => undefined };

let gateway: TokenGateway;

beforeEach(async () => {
  gateway = await TokenGateway.start();
});
afterEach(async () => {
  vi.useRealTimers();
  await gateway[Symbol.asyncDispose]();
});

const clientWith = (options: Omit<ClientOptions, 'url'>): Client =>
  createClient({ url: gateway.url, ...quiet, ...options });

/** Gives `token 1`, `token 2`, …, each taken by the gateway for as long as this says. */
function issuer(lifeMs?: number) {
  let issued = 0;
  return vi.fn(() => {
    issued += 1;
    gateway.tokens.set(`token ${issued}`, lifeMs === undefined ? undefined : Date.now() + lifeMs);
    return `token ${issued}`;
  });
}

/**
 * A client with a live connection, on a clock that stands still but for the test. Its socket is not
 * the platform's, which has timers of its own.
 */
async function liveOnFakeClock(options: Omit<ClientOptions, 'url'>): Promise<Client> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  const client = clientWith({ WebSocket, ...options });
  client.recognitionEvents().subscribe(ignore);
  await stateOf(client, 'live');
  return client;
}

/** Lets time pass, in steps of so many ms, until this holds. */
async function pass(stepMs: number, holds: () => boolean): Promise<void> {
  while (!holds()) {
    await vi.advanceTimersByTimeAsync(stepMs);
    await nextTurn();
  }
}

describe('a token function', () => {
  test('is called for each connection', async () => {
    await using client = clientWith({ token: async () => issue() });
    const issue = issuer();
    client.recognitionEvents().subscribe(ignore);
    await stateOf(client, 'live');
    gateway.close(1012, 'Restarting');
    await stateOf(client, 'waiting');
    await stateOf(client, 'live');
    expect(gateway.seen).toEqual(['connection_init token 1', 'connection_init token 2']);
  });

  test('that fails is tried again, and its error is the cause of the reason', async () => {
    const cause = new Error('The identity provider is away.');
    const issue = issuer();
    const token = vi.fn(issue).mockImplementationOnce(() => {
      throw cause;
    });
    await using client = clientWith({ token });
    client.recognitionEvents().subscribe(ignore);
    const { reason } = await stateOf(client, 'waiting');
    expect(reason).toMatchObject({ code: 'TOKEN_UNAVAILABLE', cause });
    await stateOf(client, 'live');
    expect(gateway.connections).toBe(1);
  });

  test('that never answers is given up in time', async () => {
    await using client = clientWith({
      token: () => new Promise(() => undefined),
      connectTimeoutMs: 20,
      backoffMs: { min: HOUR_MS, max: HOUR_MS },
    });
    client.recognitionEvents().subscribe(ignore);
    expect((await stateOf(client, 'waiting')).reason.code).toBe('TOKEN_UNAVAILABLE');
    await expect(client.sites()).rejects.toMatchObject({ code: 'TOKEN_UNAVAILABLE' });
    expect(gateway.connections).toBe(0);
  });

  test('that says that there is no token ends the streams', async () => {
    const error = new ClientError('UNAUTHENTICATED', 'Sign in again.');
    const token = vi.fn(() => Promise.reject(error));
    await using client = clientWith({ token });
    await expect(take(client.recognitionEvents(), 1)).rejects.toBe(error);
    expect(client.state).toEqual({ name: 'failed', error });
    expect(token).toHaveBeenCalledTimes(2);
  });

  test('that gives no text is a mistake of its author', async () => {
    await using client = clientWith({ token: (() => undefined) as unknown as () => string });
    await expect(take(client.boxStatus(), 1)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(client.sites()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  test('leaves no timer when the client is disposed of while it is asked', async () => {
    await watchTimers(async (running) => {
      const client = clientWith({ token: () => new Promise(() => undefined) });
      client.recognitionEvents().subscribe(ignore);
      const query = client.sites();
      expect(await running()).toBeGreaterThan(0);
      await client.dispose();
      await expect(query).rejects.toMatchObject({ code: 'CLOSED' });
      expect(await running()).toBe(0);
    });
    expect(gateway.connections).toBe(0);
  });
});

describe('a token that expires', () => {
  test('is renewed on the open connection, again and again', async () => {
    await using client = await liveOnFakeClock({ token: issuer(LIFE_MS) });
    await pass(1_000, () => gateway.seen.includes('ping token 3'));
    expect(gateway.seen).toEqual(['connection_init token 1', 'ping token 2', 'ping token 3']);
    expect(client.state.name).toBe('live');
  });

  test('is renewed no earlier than after seven tenths of its life', async () => {
    const token = issuer(LIFE_MS);
    await using _client = await liveOnFakeClock({ token });
    await vi.advanceTimersByTimeAsync(0.7 * LIFE_MS);
    expect(token).toHaveBeenCalledOnce();
  });

  test('stays in use while no other can be had, and the function is asked until it ends', async () => {
    const warnings: string[] = [];
    const issue = issuer(LIFE_MS);
    const token = vi.fn(() => Promise.reject<string>(new Error('away')));
    token.mockImplementationOnce(async () => issue());
    await using client = await liveOnFakeClock({
      token,
      warn: (message) => warnings.push(message),
      backoffMs: { min: 2_000, max: 2_000 },
    });
    await vi.advanceTimersByTimeAsync(LIFE_MS);
    expect(token.mock.calls.length).toBeGreaterThanOrEqual(11);
    expect(token.mock.calls.length).toBeLessThanOrEqual(18);
    const { length } = token.mock.calls;
    await vi.advanceTimersByTimeAsync(LIFE_MS);
    expect(token).toHaveBeenCalledTimes(length);
    expect(client.state.name).toBe('live');
    expect(gateway.connections).toBe(1);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('TOKEN_UNAVAILABLE');
  });

  test('is renewed as soon as the function has another one', async () => {
    const issue = issuer(LIFE_MS);
    const token = vi
      .fn(async () => issue())
      .mockImplementationOnce(async () => issue())
      .mockImplementationOnce(() => Promise.reject(new Error('away')));
    await using _client = await liveOnFakeClock({ token, warn: () => undefined });
    await pass(1_000, () => gateway.seen.includes('ping token 2'));
    expect(token).toHaveBeenCalledTimes(3);
  });

  test('is not renewed once its connection is lost', async () => {
    const token = issuer(LIFE_MS);
    const backoffMs = { min: HOUR_MS, max: HOUR_MS };
    await using client = await liveOnFakeClock({ token, backoffMs });
    gateway.close(1012, 'Restarting');
    await pass(1, () => client.state.name === 'waiting');
    await vi.advanceTimersByTimeAsync(LIFE_MS);
    expect(token).toHaveBeenCalledOnce();
  });

  test('is left alone where it is plain text', async () => {
    gateway.tokens.set('plain', Date.now() + LIFE_MS);
    await using client = await liveOnFakeClock({ token: 'plain' });
    vi.advanceTimersByTime(LIFE_MS);
    await nextTurn();
    expect(gateway.seen).toEqual(['connection_init plain']);
    expect(client.state.name).toBe('live');
  });

  test('may change the rights: the client comes back with its cursor', async () => {
    await using client = await liveOnFakeClock({ token: issuer(LIFE_MS) });
    await pass(1_000, () => gateway.seen.includes('ping token 2'));
    const again = gateway.received('subscribe');
    gateway.close(1012, 'Rights changed');
    await pass(1, () => client.state.name === 'waiting');
    await pass(1, () => client.state.name === 'live');
    expect((await again).payload?.variables).toMatchObject({ after: 'c1' });
    expect(gateway.seen.at(-1)).toBe('connection_init token 3');
  });
});

describe('a refused token', () => {
  test('of a live connection is replaced, and the streams go on behind their cursor', async () => {
    const token = issuer();
    await using client = clientWith({ token });
    client.recognitionEvents().subscribe(ignore);
    await gateway.received('subscribe');
    gateway.close(4403, 'Forbidden');
    expect((await stateOf(client, 'waiting')).reason.code).toBe('UNAUTHENTICATED');
    expect((await gateway.received('subscribe')).payload?.variables).toMatchObject({ after: 'c1' });
    expect(gateway.seen.at(-1)).toBe('connection_init token 2');
    expect(client.state.name).toBe('live');
  });

  test('is asked for once more, and a second refusal is final', async () => {
    const token = vi.fn(() => 'wrong');
    await using client = clientWith({ token });
    const error = await take(client.recognitionEvents(), 1).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'ClientError', code: 'UNAUTHENTICATED' });
    expect(client.state).toEqual({ name: 'failed', error });
    expect(token).toHaveBeenCalledTimes(2);
    expect(gateway.connections).toBe(2);
    // A new stream has two attempts of its own.
    await expect(take(client.boxStatus(), 1)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(gateway.connections).toBe(4);
  });

  test('right after each acknowledgement is no loop', async () => {
    await using client = clientWith({ token: issuer() });
    client.onState(({ name }) => {
      if (name === 'live') gateway.close(4403, 'Forbidden');
    });
    await expect(take(client.recognitionEvents(), 1)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    expect(gateway.connections).toBe(2);
  });

  test('of a stable connection has its own second attempt', async () => {
    await using client = await liveOnFakeClock({ token: issuer(), stableAfterMs: 1_000 });
    for (let round = 2; round <= 4; round += 1) {
      vi.advanceTimersByTime(1_000);
      gateway.close(4403, 'Forbidden');
      await pass(1, () => client.state.name === 'waiting');
      await pass(1, () => client.state.name === 'live');
    }
    expect(gateway.connections).toBe(4);
  });

  test('that is plain text is final at once', async () => {
    gateway.tokens.set('plain', undefined);
    await using client = clientWith({ token: 'plain' });
    client.recognitionEvents().subscribe(ignore);
    await stateOf(client, 'live');
    gateway.close(4403, 'Forbidden');
    expect((await stateOf(client, 'failed')).error.code).toBe('UNAUTHENTICATED');
    expect(gateway.connections).toBe(1);
  });
});

describe('the token of a query', () => {
  test('is the one that there is, and is replaced when it was refused', async () => {
    const token = issuer();
    await using client = clientWith({ token });
    await client.sites();
    await client.sites();
    gateway.tokens.clear();
    await client.sites();
    expect(gateway.seen).toEqual([
      'Bearer token 1',
      'Bearer token 1',
      'Bearer token 1',
      'Bearer token 2',
    ]);
  });

  test('is asked for once by all queries that need another one', async () => {
    const token = issuer();
    await using client = clientWith({ token: async () => token() });
    await Promise.all([client.sites(), client.sites()]);
    expect(token).toHaveBeenCalledTimes(1);
    gateway.tokens.clear();
    await Promise.all([client.sites(), client.sites()]);
    expect(token).toHaveBeenCalledTimes(2);
  });

  test('that is refused twice is UNAUTHENTICATED', async () => {
    const token = vi.fn(() => 'wrong');
    await using client = clientWith({ token });
    await expect(client.sites()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(gateway.seen).toEqual(['Bearer wrong', 'Bearer wrong']);
    expect(token).toHaveBeenCalledTimes(2);
  });

  test('that is plain text is sent once', async () => {
    await using client = clientWith({ token: 'wrong' });
    await expect(client.sites()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(gateway.seen).toEqual(['Bearer wrong']);
  });
});
