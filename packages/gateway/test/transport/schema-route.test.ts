import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { startGateway } from '../support/gateways.ts';
import { rawRequest } from '../support/http.ts';

const TOKEN = 'f00dfeedf00dfeedf00dfeed';
const bearer = { Authorization: `Bearer ${TOKEN}` };
const COMMITTED = new URL('../../schema.graphql', import.meta.url);

it('the schema is served as it is committed, and only when it has changed', async () => {
  await using gateway = await startGateway();
  const url = `${gateway.url}/schema.graphql`;
  const { status, headers, body } = await rawRequest(url);
  expect(status).toBe(200);
  expect(body).toBe(await readFile(COMMITTED, 'utf8'));
  expect(headers).toMatchObject({
    'content-type': 'application/graphql; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'private, no-cache',
  });
  const tag = headers['etag'] ?? '';
  expect(tag).toMatch(/^"[\w-]+"$/);

  const head = await rawRequest(url, {}, { method: 'HEAD' });
  expect(head).toMatchObject({ status: 200, body: '' });
  expect(head.headers).toMatchObject({
    etag: tag,
    'content-type': headers['content-type'],
    'content-length': headers['content-length'],
  });
  const again = await rawRequest(url, { 'If-None-Match': `"other", W/${tag}` });
  expect(again).toMatchObject({ status: 304, body: '' });
  const other = await rawRequest(url, {}, { method: 'POST' });
  expect(other.status).toBe(405);
  expect(other.headers).toMatchObject({ allow: 'GET, HEAD, OPTIONS' });
});

it('the schema needs the token', async () => {
  await using gateway = await startGateway({ config: { access: { token: TOKEN } } });
  const url = `${gateway.url}/schema.graphql`;
  expect(await rawRequest(url)).toMatchObject({ status: 401 });
  expect(await rawRequest(url, bearer)).toMatchObject({ status: 200 });
});

it.each([
  [{ introspection: false, access: { token: TOKEN } }, 403],
  [{ introspection: 'authenticated', access: { token: TOKEN } }, 200],
  [{ introspection: 'authenticated' }, 403],
])('the schema is told to whoever may introspect: %j gives %i', async (config, status) => {
  await using gateway = await startGateway({ config });
  const answer = await rawRequest(`${gateway.url}/schema.graphql`, bearer);
  expect(answer.status).toBe(status);
  if (status === 403) expect(answer.body).toContain('"code":"INTROSPECTION_DISABLED"');
});

it('the schema is read by pages of listed origins, and by no others', async () => {
  const origin = 'https://desk.example.com';
  await using gateway = await startGateway({ config: { origins: [origin] } });
  const url = `${gateway.url}/schema.graphql`;
  const { headers } = await rawRequest(url, { Origin: origin });
  expect(headers).toMatchObject({ 'access-control-allow-origin': origin });
  expect(await rawRequest(url, { Origin: 'https://stranger.example.net' })).toMatchObject({
    status: 403,
  });
});
