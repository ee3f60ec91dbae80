import { describe, expect, it } from 'vitest';
import { OPEN_VIEWER, Roles, UNLIMITED } from '../../src/access/roles.ts';
import { authenticateByToken } from '../../src/access/token.ts';
import { everythingToken } from '../../src/config/access-schema.ts';
import { openAccess, tokenAccess } from '../support/access.ts';

const TOKEN = 'f00dfeedf00dfeedf00dfeed';

describe('a gateway with a token', () => {
  it('lets in who has it', async () => {
    using access = await openAccess(tokenAccess(TOKEN));
    expect(await access.control.admit(TOKEN, undefined)).toMatchObject({
      kind: 'admitted',
      viewer: { kind: 'credential', permissionClass: { key: UNLIMITED.key } },
    });
  });

  it.each([undefined, '', TOKEN.slice(1), `${TOKEN} `, TOKEN.toUpperCase()])(
    'keeps out who has %j instead',
    async (credential) => {
      using access = await openAccess(tokenAccess(TOKEN));
      expect(await access.control.admit(credential, undefined)).toEqual({
        kind: 'unauthenticated',
        credential: credential === undefined ? 'missing' : 'wrong',
      });
    },
  );

  it('takes it up to its expiry, and says then that it has expired', () => {
    const clock = { now: 999 };
    const token = { ...everythingToken(TOKEN), expiresAt: 1_000 };
    const byToken = authenticateByToken([token], new Roles({ roles: new Map() }), () => clock.now);
    expect(byToken(TOKEN)).toMatchObject({ kind: 'viewer', viewer: { expiresAt: 1_000 } });
    clock.now = 1_000;
    const holder = { name: token.name, roles: token.roles };
    expect(byToken(TOKEN)).toEqual({ kind: 'refused', credential: 'expired', holder });
  });
});

it('a gateway without a token lets in everybody', async () => {
  using access = await openAccess({ kind: 'open' });
  const admitted = { kind: 'admitted', viewer: OPEN_VIEWER };
  expect(await access.control.admit(undefined, undefined)).toEqual(admitted);
  expect(await access.control.admit('anything', undefined)).toEqual(admitted);
});
