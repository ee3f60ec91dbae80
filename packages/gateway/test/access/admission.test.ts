import { describe, expect, it } from 'vitest';
import { type AdmissionOptions, createAdmit } from '../../src/access/admission.ts';
import { Roles, UNLIMITED } from '../../src/access/roles.ts';
import { authenticateByToken } from '../../src/access/token.ts';
import { everythingToken } from '../../src/config/access-schema.ts';
import { tokenAccess } from '../support/access.ts';
import { startGateway } from '../support/gateways.ts';
import { ServedGraphQL } from '../support/graphql.ts';
import { rawRequest } from '../support/http.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { recordedLog } from '../support/recorded-log.ts';

const TOKEN = 'f00dfeedf00dfeedf00dfeed';
const WRONG = 'a-guess-that-is-not-the-token';

const UNAUTHENTICATED = { kind: 'unauthenticated', credential: 'wrong' };
const ADMITTED = {
  kind: 'admitted',
  viewer: expect.objectContaining({ kind: 'credential', permissionClass: UNLIMITED }),
};

const byToken = authenticateByToken([everythingToken(TOKEN)], new Roles({ roles: new Map() }));

function doorOf(options: Partial<AdmissionOptions> = {}) {
  const clock = { ms: 0 };
  const told: (readonly [string | undefined, number])[] = [];
  const admit = createAdmit({
    authenticate: (credential) => {
      if (credential === undefined) return { kind: 'refused', credential: 'missing' };
      return byToken(credential) ?? { kind: 'refused', credential: 'wrong' };
    },
    wrongTokensPerMinute: 2,
    delayMs: 1,
    wrongToken: (address, attempts) => told.push([address, attempts]),
    now: () => clock.ms,
    ...options,
  });
  return { admit, clock, told };
}

describe('an address that sends wrong tokens', () => {
  it('is told to wait above so many in a minute, for as long as that minute lasts', async () => {
    const { admit, clock, told } = doorOf();
    expect(await admit(WRONG, '192.0.2.1')).toEqual(UNAUTHENTICATED);
    clock.ms = 20_500;
    expect(await admit(WRONG, '192.0.2.1')).toEqual(UNAUTHENTICATED);
    const refused = { kind: 'too many attempts', retryAfterS: 40 };
    expect(await admit(WRONG, '192.0.2.1')).toEqual(refused);
    clock.ms = 60_000;
    expect(await admit(WRONG, '192.0.2.1')).toEqual(UNAUTHENTICATED);
    expect(told).toEqual([1, 2, 3, 1].map((attempts) => ['192.0.2.1', attempts]));
  });

  it('is let in with the right one at any time', async () => {
    const { admit } = doorOf({ wrongTokensPerMinute: 1 });
    await admit(WRONG, '192.0.2.1');
    await admit(WRONG, '192.0.2.1');
    expect(admit(TOKEN, '192.0.2.1')).toEqual(ADMITTED);
  });

  it('is in nobody else’s way', async () => {
    const { admit } = doorOf({ wrongTokensPerMinute: 1 });
    await admit(WRONG, '192.0.2.1');
    expect(await admit(WRONG, '192.0.2.2')).toEqual(UNAUTHENTICATED);
    expect(await admit(WRONG, undefined)).toEqual(UNAUTHENTICATED);
  });

  it('waits for each answer, together with a hundred others at most', async () => {
    const { admit } = doorOf({ wrongTokensPerMinute: 1_000, delayMs: 50 });
    const order: string[] = [];
    const late = Promise.resolve(admit(WRONG, 'late')).then(() => order.push('late'));
    await Promise.resolve(admit(TOKEN, 'right')).then(() => order.push('right'));
    for (let guess = 1; guess < 100; guess += 1) void admit(WRONG, `${guess}`);
    expect(admit(WRONG, 'one more')).toMatchObject({ kind: 'too many attempts' });
    await late;
    expect(order).toEqual(['right', 'late']);
  });

  it('is forgotten for the 10,000th after it', async () => {
    const { admit, told } = doorOf({ wrongTokensPerMinute: 1 });
    for (let client = 0; client <= 10_000; client += 1) void admit(WRONG, `${client}`);
    void admit(WRONG, '1');
    void admit(WRONG, '0');
    expect(told.slice(-2)).toEqual([
      ['1', 2],
      ['0', 1],
    ]);
  });
});

it.each(['expired', 'revoked'] as const)('a token that is %s is no guess', async (credential) => {
  const holder = { name: 'desk', roles: ['guard'] };
  const authenticate = () => ({ kind: 'refused', credential, holder }) as const;
  const { admit, told } = doorOf({ authenticate, wrongTokensPerMinute: 1 });
  for (let asked = 0; asked < 5; asked += 1) {
    expect(admit(TOKEN, '192.0.2.1')).toEqual({ kind: 'unauthenticated', credential, holder });
  }
  expect(told).toEqual([]);
});

it('a client without a token sends no wrong one', () => {
  const { admit, told } = doorOf({ wrongTokensPerMinute: 1 });
  for (let asked = 0; asked < 5; asked += 1) {
    expect(admit(undefined, '192.0.2.1')).toEqual({
      kind: 'unauthenticated',
      credential: 'missing',
    });
  }
  expect(told).toEqual([]);
});

it('a gateway answers guesses with 429, counts them, and logs them without the token', async () => {
  const { logger, lines } = recordedLog();
  const config = { access: { token: TOKEN }, limits: { wrongTokensPerMinute: 1 } };
  await using gateway = await startGateway({ logger, config });
  const ask = (token: string) =>
    rawRequest(`${gateway.url}/metrics`, {
      Authorization: `Bearer ${token}`,
      'X-Forwarded-For': '192.0.2.1',
    });
  expect((await ask(WRONG)).status).toBe(401);
  for (let guess = 0; guess < 20; guess += 1) {
    const { status, headers, body } = await ask(`${WRONG}-${guess}`);
    expect(status).toBe(429);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(body).toContain('"TOO_MANY_ATTEMPTS"');
  }
  const { status, body } = await ask(TOKEN);
  expect(status).toBe(200);
  expect(body).toContain('se5_wrong_tokens_total 21');
  const warnings = lines.filter(({ level }) => level === 'warn');
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatchObject({ fields: { address: '192.0.2.1', attempts: 1 } });
  expect(JSON.stringify(lines)).not.toContain(WRONG);
});

it('a WebSocket that guesses too often is closed with 4403, and told why', async () => {
  await using gateway = await ServedGraphQL.start({ access: tokenAccess(TOKEN) });
  const reasonOf = async (token: string) => {
    await using socket = await RawSocket.open(gateway.webSocketUrl);
    const closed = new Promise<readonly [number, string]>((resolve) =>
      socket.socket.once('close', (code, reason) => resolve([code, String(reason)])),
    );
    socket.send({ type: 'connection_init', payload: { token } });
    return await closed;
  };
  for (let guess = 0; guess < 10; guess += 1) {
    expect(await reasonOf(WRONG)).toEqual([4403, 'UNAUTHENTICATED: This is not the right token']);
  }
  const [code, reason] = await reasonOf(WRONG);
  expect(code).toBe(4403);
  expect(reason).toMatch(/^TOO_MANY_ATTEMPTS: Too many wrong tokens/);
  await using socket = await RawSocket.open(gateway.webSocketUrl);
  expect(await socket.initialise({ token: TOKEN })).toMatchObject({ type: 'connection_ack' });
});
