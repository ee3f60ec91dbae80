import { assert, property, stringMatching } from 'fast-check';
import { expect, it } from 'vitest';
import {
  bearerCredential,
  payloadCredential,
  renewalCredential,
  requestCredential,
} from '../../src/access/credential.ts';
import { sessionCookie } from '../../src/access/session-cookie.ts';

const TOKEN = 'f00dfeedf00dfeedf00dfeed';

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

it.each([
  [{ token: TOKEN }, TOKEN],
  [{ token: 5 }, ''],
  [{ token: null }, undefined],
  [{ cursor: 'x' }, undefined],
  [undefined, undefined],
])('a ping with the payload %j holds %j', (payload, credential) => {
  expect(renewalCredential(payload)).toBe(credential);
});

it('any token comes back from the cookie that it was put in, among other cookies', () => {
  assert(
    property(stringMatching(/^[!-~]{1,400}$/), (token) => {
      const [pair] = sessionCookie(token, { isSecure: false })?.split(';') ?? [];
      expect(requestCredential({ cookie: `a=1; ${pair}; b=2` })).toBe(token);
    }),
  );
});

it.each([
  [{ authorization: `Bearer ${TOKEN}`, cookie: 'se5_session=other' }, TOKEN],
  [{ authorization: 'Bearer', cookie: `se5_session=${TOKEN}` }, ''],
  [{ authorization: 'Basic x', cookie: `se5_session=${TOKEN}` }, TOKEN],
  [{ cookie: 'se5_session=' }, undefined],
  [{ cookie: 'se5_session=%' }, ''],
  [{ cookie: `xse5_session=${TOKEN}` }, undefined],
  [{}, undefined],
])('a request with %j holds %j', (headers, credential) => {
  expect(requestCredential(headers)).toBe(credential);
});

it('a cookie is at most 4,096 bytes long', () => {
  const longest = 4_096 - 'se5_session='.length;
  expect(sessionCookie('x'.repeat(longest), { isSecure: false })).toBeDefined();
  expect(sessionCookie('x'.repeat(longest + 1), { isSecure: false })).toBeUndefined();
});

it('a cookie is kept from scripts, from other sites, and from plain HTTP where there is HTTPS', () => {
  expect(sessionCookie(TOKEN, { isSecure: true, maxAgeS: 60 })).toBe(
    `se5_session=${TOKEN}; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=60`,
  );
  expect(sessionCookie(TOKEN, { isSecure: false })).toBe(
    `se5_session=${TOKEN}; Path=/; HttpOnly; SameSite=Strict`,
  );
});
