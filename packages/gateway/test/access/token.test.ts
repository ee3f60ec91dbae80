import { describe, expect, it } from 'vitest';
import { OPEN_VIEWER, UNLIMITED } from '../../src/access/roles.ts';
import { bearerCredential, createAuthenticate, payloadCredential } from '../../src/access/token.ts';
import { tokenAccess } from '../support/access.ts';

const TOKEN = 'f00dfeedf00dfeedf00dfeed';

describe('a gateway with a token', () => {
  const authenticate = createAuthenticate(tokenAccess(TOKEN));

  it('lets in who has it', () => {
    expect(authenticate(TOKEN)).toMatchObject({ kind: 'credential', permissionClass: UNLIMITED });
  });

  it.each([undefined, '', TOKEN.slice(1), `${TOKEN} `, TOKEN.toUpperCase()])(
    'keeps out who has %j instead',
    (credential) => {
      expect(authenticate(credential)).toBeUndefined();
    },
  );
});

it('a gateway without a token lets in everybody', () => {
  const authenticate = createAuthenticate({ kind: 'open' });
  expect(authenticate(undefined)).toEqual(OPEN_VIEWER);
  expect(authenticate('anything')).toEqual(OPEN_VIEWER);
});

it.each([
  [`Bearer ${TOKEN}`, TOKEN],
  [`bearer  ${TOKEN} `, TOKEN],
  [`Basic ${TOKEN}`, undefined],
  [`Bearer${TOKEN}`, ''],
  [`Bearer ${TOKEN} x`, ''],
  ['Bearer', ''],
  [TOKEN, ''],
  [undefined, undefined],
])('an Authorization header of %j holds %j', (header, credential) => {
  expect(bearerCredential(header)).toBe(credential);
});

it.each([
  [{ token: TOKEN }, TOKEN],
  [{ Authorization: `Bearer ${TOKEN}` }, TOKEN],
  [{ authorization: `Bearer ${TOKEN}` }, TOKEN],
  [{ token: TOKEN, other: 1 }, TOKEN],
  [{ token: 5 }, ''],
  [{ token: { value: TOKEN } }, ''],
  [{ token: [TOKEN] }, ''],
  [{ token: false }, ''],
  [{ Authorization: 5 }, ''],
  [{ token: null }, undefined],
  [{ token: null, authorization: `Bearer ${TOKEN}` }, TOKEN],
  [{}, undefined],
  [null, undefined],
  [undefined, undefined],
  ['token', undefined],
])('a connection_init payload of %j holds %j', (payload, credential) => {
  expect(payloadCredential(payload)).toBe(credential);
});
