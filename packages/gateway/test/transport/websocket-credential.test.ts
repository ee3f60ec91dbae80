import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { RoleConfig, TokenConfig } from '../../src/config/access.ts';
import { everythingToken } from '../../src/config/access-schema.ts';
import { credentialAccess, FULL_ROLE } from '../support/access.ts';
import { ServedGraphQL } from '../support/graphql.ts';
import { jwtAccess, NOW_MS, NOW_S, TestIssuer } from '../support/issuer.ts';
import { RawSocket } from '../support/raw-socket.ts';

const ROLES: Readonly<Record<string, RoleConfig>> = {
  guard: FULL_ROLE,
  screen: { ...FULL_ROLE, siteIds: ['hq'] },
};
const iso = (ms: number): string => new Date(ms).toISOString();
const isPong = ({ type }: { readonly type: string }): boolean => type === 'pong';

async function closing(socket: RawSocket): Promise<string> {
  const [code, reason] = await once(socket.socket, 'close');
  return `${code} ${String(reason)}`;
}

/** A gateway that takes tokens of an issuer, at a time that only the test moves. */
async function start() {
  await using parts = new AsyncDisposableStack();
  const issuer = parts.use(await TestIssuer.start());
  const other = parts.use(await TestIssuer.start());
  const clock = { now: NOW_MS };
  const gateway = parts.use(
    await ServedGraphQL.start({
      access: jwtAccess([issuer.config(), other.config()], ROLES),
      accessOptions: { now: () => clock.now, pollMs: 5 },
    }),
  );
  const all = parts.move();
  return {
    issuer,
    other,
    gateway,
    clock,
    async connect(exp: number) {
      const socket = await RawSocket.open(gateway.webSocketUrl);
      const ack = await socket.initialise({ token: await issuer.token({ exp }) });
      return { socket, ack };
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

describe('a WebSocket whose token expires', () => {
  it('is told when, is closed with 4403 after 25 s of grace, and its subscriptions end', async () => {
    await using rig = await start();
    const { socket, ack } = await rig.connect(NOW_S + 60);
    await using _ = socket;
    expect(ack).toMatchObject({
      type: 'connection_ack',
      payload: { cursor: expect.any(String), expiresAt: iso(NOW_MS + 60_000) },
    });
    socket.subscribe('1', 'subscription { recognitionEvents { id } }');
    await socket.untilHeard();
    expect(rig.gateway.subscribers).toBe(1);
    const closed = closing(socket);
    rig.clock.now = NOW_MS + 85_000;
    expect(await closed).toBe('4403 UNAUTHENTICATED: This token has expired');
    expect(rig.gateway.subscribers).toBe(0);
  });

  it('goes on with a newer one that a ping brings, by the same subscriptions', async () => {
    await using rig = await start();
    const { socket } = await rig.connect(NOW_S + 60);
    await using _ = socket;
    socket.subscribe('1', 'subscription { recognitionEvents { id } }');
    const token = await rig.issuer.token({ exp: NOW_S + 600, jti: 'newer' });
    socket.send({ type: 'ping', payload: { token } });
    expect(await socket.next(isPong)).toEqual({
      type: 'pong',
      payload: { expiresAt: iso(NOW_MS + 600_000) },
    });
    // Another one expires at the time of the first token; both are looked at together.
    const { socket: other } = await rig.connect(NOW_S + 60);
    await using __ = other;
    const closed = closing(other);
    rig.clock.now = NOW_MS + 85_000;
    await closed;
    await rig.gateway.inside.event();
    expect(await socket.next(({ type }) => type === 'next')).toMatchObject({ id: '1' });
  });

  it.each([
    ['that is wrong', { token: 'wrong' }, '4403 UNAUTHENTICATED: This is not the right token'],
    ['that is no text', { token: 5 }, '4403 UNAUTHENTICATED: This is not the right token'],
  ])('is closed for one %s', async (_, payload, reason) => {
    await using rig = await start();
    const { socket } = await rig.connect(NOW_S + 60);
    await using __ = socket;
    const closed = closing(socket);
    socket.send({ type: 'ping', payload });
    expect(await closed).toBe(reason);
  });

  it.each([
    ['other rights', { roles: ['screen'] }],
    ['another subject', { sub: 'another-subject' }],
  ])('is told to come back with 1012 for one with %s', async (_, claims) => {
    await using rig = await start();
    const { socket } = await rig.connect(NOW_S + 60);
    await using __ = socket;
    const closed = closing(socket);
    socket.send({ type: 'ping', payload: { token: await rig.issuer.token(claims) } });
    expect(await closed).toMatch(/^1012 RIGHTS_CHANGED: /);
  });

  it('keeps the older one while the keys for the newer one can’t be had', async () => {
    await using rig = await start();
    const { socket } = await rig.connect(NOW_S + 60);
    await using _ = socket;
    rig.other.isDown = true;
    socket.send({ type: 'ping', payload: { token: await rig.other.token() } });
    expect(await socket.next(isPong)).toEqual({
      type: 'pong',
      payload: { expiresAt: iso(NOW_MS + 60_000) },
    });
  });
});

it('a WebSocket is told to come back with 1013 when the issuer’s keys can’t be had', async () => {
  await using rig = await start();
  rig.issuer.isDown = true;
  await using socket = await RawSocket.open(rig.gateway.webSocketUrl);
  const closed = closing(socket);
  socket.send({ type: 'connection_init', payload: { token: await rig.issuer.token() } });
  expect(await closed).toMatch(/^1013 ISSUER_UNAVAILABLE: /);
});

it('a ping that brings a token before connection_ack closes with 4401', async () => {
  await using rig = await start();
  await using socket = await RawSocket.open(rig.gateway.webSocketUrl);
  const closed = closing(socket);
  socket.send({ type: 'ping', payload: { token: await rig.issuer.token() } });
  expect(await closed).toMatch(/^4401 UNAUTHENTICATED: /);
});

it('a token that never expires is renewed with null, and its socket is closed when it goes', async () => {
  const desk: TokenConfig = { ...everythingToken('the-token-of-desk'), name: 'desk' };
  await using gateway = await ServedGraphQL.start({ access: credentialAccess([desk]) });
  await using socket = await RawSocket.open(gateway.webSocketUrl);
  const { payload } = await socket.initialise({ token: 'the-token-of-desk' });
  expect(payload).not.toHaveProperty('expiresAt');
  socket.send({ type: 'ping', payload: { token: 'the-token-of-desk' } });
  expect(await socket.next(isPong)).toEqual({ type: 'pong', payload: { expiresAt: null } });
  socket.send({ type: 'ping', payload: { cursor: 'mine' } });
  expect(await socket.next(isPong)).toEqual({ type: 'pong', payload: { cursor: 'mine' } });
  const closed = closing(socket);
  await gateway.access.control.apply(credentialAccess([]));
  expect(await closed).toBe('4403 UNAUTHENTICATED: This token is not taken any more');
});
