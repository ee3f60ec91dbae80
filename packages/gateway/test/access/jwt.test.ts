import { mkdtempDisposable, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AccessControlOptions } from '../../src/access/access-control.ts';
import { rolesIn } from '../../src/access/jwt.ts';
import { UNLIMITED } from '../../src/access/roles.ts';
import type { IssuerConfig } from '../../src/config/access.ts';
import { FULL_ROLE, openAccess } from '../support/access.ts';
import { jwtAccess, NOW_MS, NOW_S, TestIssuer, type TokenClaims } from '../support/issuer.ts';
import { until } from '../support/until.ts';

const GUARD = { ...FULL_ROLE, siteIds: ['hq'] };
const ROLES = { guard: GUARD, screen: { ...FULL_ROLE, siteIds: ['plant'] } };

const WRONG = { kind: 'unauthenticated', credential: 'wrong' };
const UNAVAILABLE = { kind: 'issuer unavailable', retryAfterS: 5 };

let issuer: TestIssuer;
beforeEach(async () => {
  issuer = await TestIssuer.start();
});
afterEach(() => issuer[Symbol.asyncDispose]());

async function opened(
  given: Partial<IssuerConfig> = {},
  options: Partial<AccessControlOptions> = {},
) {
  return openedFor([issuer.config(given)], options);
}

async function openedFor(
  issuers: readonly IssuerConfig[],
  options: Partial<AccessControlOptions> = {},
) {
  const access = await openAccess(jwtAccess(issuers, ROLES), {
    now: () => NOW_MS,
    wrongTokensPerMinute: 1_000,
    ...options,
  });
  return {
    ...access,
    ask: (credential: string) => Promise.resolve(access.control.admit(credential, undefined)),
    [Symbol.dispose]: () => access[Symbol.dispose](),
  };
}

describe('a JSON Web Token of an issuer', () => {
  it('lets in its subject, with the roles that it names', async () => {
    using access = await opened({ leewayMs: 30_000 });
    expect(await access.ask(await issuer.token({ jti: 'token-1' }))).toMatchObject({
      kind: 'admitted',
      viewer: {
        kind: 'credential',
        name: 'a-subject',
        subject: 'a-subject',
        tokenId: 'token-1',
        issuer: issuer.url,
        roles: ['guard'],
        expiresAt: NOW_MS + 3_630_000,
        permissionClass: { scopes: [{ siteIds: ['hq'] }] },
      },
    });
  });

  it('is verified by keys that are asked for once', async () => {
    using access = await opened();
    for (let asked = 0; asked < 5; asked += 1) {
      expect(await access.ask(await issuer.token())).toMatchObject({ kind: 'admitted' });
    }
    expect(issuer.asked).toBe(1);
  });

  it.each<[string, TokenClaims, string]>([
    ['another audience', { aud: 'another' }, 'aud'],
    ['no audience', { aud: undefined }, 'aud'],
    ['no expiry', { exp: undefined }, 'exp'],
    ['no subject', { sub: undefined }, 'sub'],
    ['a begin that is to come', { nbf: NOW_S + 60 }, 'nbf'],
  ])('with %s is wrong, and the log can tell why', async (_, claims, claim) => {
    using access = await opened();
    expect(await access.ask(await issuer.token(claims))).toEqual(WRONG);
    expect(access.told).toContainEqual([
      'tokenRefused',
      issuer.url,
      `ERR_JWT_CLAIM_VALIDATION_FAILED ${claim}`,
    ]);
  });

  it('has a list of audiences, one of which is ours', async () => {
    using access = await opened();
    const token = await issuer.token({ aud: ['another', 'se5'] });
    expect(await access.ask(token)).toMatchObject({ kind: 'admitted' });
  });

  it('that has expired is told so, but for the leeway', async () => {
    const token = await issuer.token({ jti: 'token-1', exp: NOW_S - 10 });
    using strict = await opened();
    const holder = {
      name: 'a-subject',
      subject: 'a-subject',
      tokenId: 'token-1',
      issuer: issuer.url,
      roles: ['guard'],
    };
    const expired = { kind: 'unauthenticated', credential: 'expired', holder };
    expect(await strict.ask(token)).toEqual(expired);
    using lenient = await opened({ leewayMs: 30_000 });
    expect(await lenient.ask(token)).toMatchObject({ kind: 'admitted' });
  });

  it('that has expired says nothing to one who can’t sign', async () => {
    await using stranger = await TestIssuer.start();
    using access = await opened();
    const forged = await stranger.token(
      { iss: issuer.url, exp: NOW_S - 10 },
      { ...stranger.key, kid: issuer.key.kid },
    );
    expect(await access.ask(forged)).toEqual(WRONG);
  });

  it('of another issuer is wrong, and nobody is asked for keys', async () => {
    await using stranger = await TestIssuer.start();
    using access = await opened();
    expect(await access.ask(await stranger.token())).toEqual(WRONG);
    expect(issuer.asked + stranger.asked).toBe(0);
  });

  it('that is not signed is wrong', async () => {
    using access = await opened();
    const claims = { iss: issuer.url, aud: 'se5', sub: 'a', exp: NOW_S + 60, roles: ['guard'] };
    expect(await access.ask(new UnsecuredJWT(claims).encode())).toEqual(WRONG);
  });

  it('that is signed with the public key as a secret is wrong', async () => {
    using access = await opened();
    const secret = new TextEncoder().encode(await exportSPKI(issuer.key.publicKey));
    const forged = await new SignJWT({ roles: ['guard'] })
      .setProtectedHeader({ alg: 'HS256', kid: issuer.key.kid })
      .setIssuer(issuer.url)
      .setAudience('se5')
      .setSubject('a-subject')
      .setExpirationTime(NOW_S + 60)
      .sign(secret);
    expect(await access.ask(forged)).toEqual(WRONG);
  });

  it('that is signed with an algorithm that is not listed is wrong', async () => {
    using access = await opened({ algorithms: ['RS256'] });
    expect(await access.ask(await issuer.token())).toEqual(WRONG);
  });

  it.each(['a.b.c', '..', 'eyJhbGciOiJub25lIn0.e30.', `${'x'.repeat(20_000)}.y.z`])(
    'that is none (%#) is wrong',
    async (text) => {
      using access = await opened();
      expect(await access.ask(text)).toEqual(WRONG);
    },
  );

  it('is verified by a secret where one is configured, and by nothing else there', async () => {
    const secret = 'a secret of at least thirty-two characters';
    using access = await opened({ keys: { kind: 'secret', secret }, algorithms: ['HS256'] });
    const signed = (text: string) =>
      new SignJWT({ roles: ['guard'] })
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer(issuer.url)
        .setAudience('se5')
        .setSubject('a-subject')
        .setExpirationTime(NOW_S + 60)
        .sign(new TextEncoder().encode(text));
    expect(await access.ask(await signed(secret))).toMatchObject({ kind: 'admitted' });
    expect(await access.ask(await signed(`${secret}!`))).toEqual(WRONG);
    expect(await access.ask(await issuer.token())).toEqual(WRONG);
  });

  it('is taken of each of several issuers, with the keys of that one', async () => {
    await using other = await TestIssuer.start('RS256');
    using access = await openedFor([issuer.config(), other.config()]);
    expect(await access.ask(await issuer.token())).toMatchObject({ kind: 'admitted' });
    expect(await access.ask(await other.token())).toMatchObject({
      viewer: { issuer: other.url },
    });
    // A key of one issuer signs nothing for another.
    expect(await access.ask(await other.token({ iss: issuer.url }))).toEqual(WRONG);
  });
});

describe('the roles of a token', () => {
  it.each([
    [{ roles: ['a', 'b'] }, ['roles'], ['a', 'b']],
    [{ roles: 'a' }, ['roles'], ['a']],
    [{ scope: 'a b' }, ['scope'], ['a', 'b']],
    [{ realm_access: { roles: ['a'] } }, ['realm_access', 'roles'], ['a']],
    [{ roles: ['a', 5, null, ''] }, ['roles'], ['a']],
    [{ roles: { a: true } }, ['roles'], []],
    [{ roles: 'a' }, ['roles', 'length'], []],
    [{}, ['constructor', 'name'], []],
    [{}, ['roles'], []],
    // Everything is not an issuer's to give.
    [{ roles: ['*', 'a'] }, ['roles'], ['a']],
    [{ roles: '*' }, ['roles'], []],
  ])('in %j at %j are %j', (payload, path, roles) => {
    expect(rolesIn(payload, path)).toEqual(roles);
  });

  it('that the configuration does not have allow nothing, which is told', async () => {
    using access = await opened();
    const admission = await access.ask(await issuer.token({ roles: ['other', '*'] }));
    expect(admission).toMatchObject({ viewer: { permissionClass: { scopes: [] } } });
    expect(access.told).toContainEqual(['unknownRoles', ['other']]);
    expect(access.control.isCurrent(UNLIMITED.key)).toBe(false);
  });

  it('that are unknown are not told beside one that is known', async () => {
    using access = await opened();
    await access.ask(await issuer.token({ roles: ['offline_access', 'guard'] }));
    expect(access.told.filter(([what]) => what === 'unknownRoles')).toEqual([]);
  });
});

describe('the keys of an issuer', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('are asked for again when a token names another one, at most every 10 s', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    using access = await opened();
    await access.ask(await issuer.token());
    await issuer.rotate('second');
    const token = await issuer.token();
    for (let guess = 0; guess < 5; guess += 1) expect(await access.ask(token)).toEqual(WRONG);
    expect(issuer.asked).toBe(1);
    vi.setSystemTime(Date.now() + 10_000);
    expect(await access.ask(token)).toMatchObject({ kind: 'admitted' });
    expect(issuer.asked).toBe(2);
  });

  it('that can’t be had make no token wrong, and are asked for every 5 s', async () => {
    const clock = { elapsed: 0 };
    issuer.isDown = true;
    using access = await opened({}, { elapsed: () => clock.elapsed });
    const token = await issuer.token();
    for (let asked = 0; asked < 5; asked += 1) expect(await access.ask(token)).toEqual(UNAVAILABLE);
    expect(issuer.asked).toBe(1);
    expect(access.told).toEqual([['issuerUnavailable', issuer.url, expect.any(Error)]]);
    issuer.isDown = false;
    clock.elapsed = 5_000;
    expect(await access.ask(token)).toMatchObject({ kind: 'admitted' });
  });

  it('that are known go on counting while the issuer is down', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    using access = await opened();
    await access.ask(await issuer.token());
    issuer.isDown = true;
    vi.setSystemTime(Date.now() + 20_000);
    const unknown = await issuer.token({}, { ...issuer.key, kid: 'unknown' });
    expect(await access.ask(unknown)).toEqual(UNAVAILABLE);
    expect(await access.ask(await issuer.token())).toMatchObject({ kind: 'admitted' });
  });

  it('that are too short to be safe make no token right or wrong', async () => {
    const pair = await generateKeyPair('RS256', { extractable: true });
    const short = { ...(await exportJWK(pair.publicKey)), n: 'u1SU1LfVLPHCozMxH2Mo', kid: 'short' };
    await using folder = await mkdtempDisposable(join(tmpdir(), 'se5-keys-'));
    const path = join(folder.path, 'jwks.json');
    await writeFile(path, JSON.stringify({ keys: [{ ...short, alg: 'RS256' }] }));
    using access = await opened({ keys: { kind: 'file', path } });
    const token = await issuer.token({}, { kid: 'short', alg: 'RS256', ...pair });
    expect(await access.ask(token)).toEqual(UNAVAILABLE);
    expect(access.told).toEqual([['issuerUnavailable', issuer.url, expect.any(TypeError)]]);
  });

  it('in a file are read again when it changes', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'se5-keys-'));
    const path = join(folder.path, 'jwks.json');
    using access = await opened({ keys: { kind: 'file', path } }, { pollMs: 20 });
    expect(await access.ask(await issuer.token())).toEqual(UNAVAILABLE);
    await writeFile(`${path}.new`, await issuer.jwks());
    await rename(`${path}.new`, path);
    const token = await issuer.token();
    while ((await access.ask(token)).kind !== 'admitted') await nextTurn();
    // What can't be read leaves the keys of before.
    const failures = () => access.told.filter(([what]) => what === 'issuerUnavailable').length;
    const before = failures();
    await writeFile(path, 'no keys');
    await until(() => failures() > before);
    expect(await access.ask(token)).toMatchObject({ kind: 'admitted' });
  });
});
