import { createHmac } from 'node:crypto';
import { startSimulator } from '@se5/simulator';
import { expect, test } from 'vitest';
import { createClient } from '../src/index.ts';
import { configOf, listenedTo, startGateway } from './support/gateway.ts';

const quick = { backoffMs: { min: 10, max: 50 } };

const SECRET = 'a-secret-that-tokens-are-signed-with';

const issuer = { issuer: 'https://id.example.com', audience: 'se5', secret: SECRET, leeway: '1s' };

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JSON Web Token of the role `guard` that lasts so many seconds. */
function tokenFor(seconds: number): string {
  const exp = Math.floor(Date.now() / 1_000) + seconds;
  const claims = { iss: issuer.issuer, aud: issuer.audience, sub: 'desk-1', roles: ['guard'], exp };
  const signed = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}`;
  return `${signed}.${createHmac('sha256', SECRET).update(signed).digest('base64url')}`;
}

const access = (guard: object) => ({ jwt: [issuer], roles: { guard } });

test('a token is renewed on the open connection, and events go on', async () => {
  await using box = await startSimulator();
  await using gateway = await startGateway(box, { access: access({ fields: ['identity'] }) });
  await listenedTo(box);
  const renewed = Promise.withResolvers<void>();
  let asked = 0;
  await using client = createClient({
    url: gateway.url,
    ...quick,
    token() {
      asked += 1;
      if (asked === 2) renewed.resolve();
      // Renewed 10 seconds before its end, and not within 10 seconds.
      return tokenFor(asked === 1 ? 11 : 3_600);
    },
  });
  const states: string[] = [];
  client.onState(({ name }) => states.push(name));
  const events = client.recognitionEvents()[Symbol.asyncIterator]();
  const first = events.next();
  await renewed.promise;
  const sent = box.emit();
  expect((await first).value?.identityId).toBe(sent.identityId);
  const second = box.emit();
  expect((await events.next()).value?.identityId).toBe(second.identityId);
  expect(states.filter((name) => name === 'live')).toHaveLength(1);
  await events.return?.();
});

test('a role that is taken away reaches an open page, which goes on with what is left', async () => {
  await using box = await startSimulator();
  const before = { access: access({ fields: ['identity'] }) };
  await using gateway = await startGateway(box, before);
  await listenedTo(box);
  await using client = createClient({ url: gateway.url, ...quick, token: () => tokenFor(3_600) });
  const events = client.recognitionEvents()[Symbol.asyncIterator]();
  const first = events.next();
  await client.sites();
  const known = box.emit();
  expect((await first).value?.identityName).toBe(known.identityName);
  await gateway.reload(configOf(box, { access: access({ fields: ['face'] }) }));
  const hidden = box.emit();
  const { value } = await events.next();
  expect(value).toMatchObject({ identityName: null, gapsBefore: [] });
  expect(value?.occurredAt).toBe(new Date(hidden.timestamp).toISOString());
  await events.return?.();
});

test('a token that is no good any more ends with a state that a page can show', async () => {
  await using box = await startSimulator();
  await using gateway = await startGateway(box, { access: access({ fields: ['identity'] }) });
  await using client = createClient({ url: gateway.url, ...quick, token: () => tokenFor(-3_600) });
  await expect(client.recognitionEvents()[Symbol.asyncIterator]().next()).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  });
  expect(client.state).toMatchObject({ name: 'failed', error: { code: 'UNAUTHENTICATED' } });
});
