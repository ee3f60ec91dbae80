import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { post, startGateway } from '../support/gateways.ts';
import { rawRequest, WEBSOCKET_HANDSHAKE } from '../support/http.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { codeIn } from '../support/wire.ts';

const TOKEN = 'f00d;feed,f00d"feed%f00d';
const DESK = 'https://desk.example.com';
const bearer = { Authorization: `Bearer ${TOKEN}` };
const QUERY = JSON.stringify({ query: '{ cursor }' });
const JSON_BODY = { 'Content-Type': 'application/json' };

const start = (config: Readonly<Record<string, unknown>> = {}) =>
  startGateway({ config: { access: { token: TOKEN }, ...config } });

/** The cookie of a session that begins, as a browser sends it back. */
async function begin(url: string): Promise<{ readonly Cookie: string }> {
  const { status, headers } = await rawRequest(`${url}/session`, bearer, { method: 'POST' });
  expect(status).toBe(200);
  return { Cookie: headers['set-cookie']?.split(';')[0] ?? '' };
}

describe('the session of a browser', () => {
  it('begins with a bearer token, and lasts as long as that', async () => {
    const tokens = [
      { name: 'desk', role: 'guard', token: 'the-token-of-the-desk', expires: '9999-12-31' },
    ];
    await using gateway = await start({
      publicUrl: 'https://faces.example.com',
      access: { tokens, roles: { guard: {} } },
    });
    const { status, headers, body } = await rawRequest(
      `${gateway.url}/session`,
      { Authorization: 'Bearer the-token-of-the-desk' },
      { method: 'POST' },
    );
    expect({ status, body }).toEqual({
      status: 200,
      body: '{"expiresAt":"9999-12-31T23:59:59.999Z"}',
    });
    expect(headers['set-cookie']).toMatch(
      /^se5_session=the-token-of-the-desk; Path=\/; HttpOnly; SameSite=Strict; Secure; Max-Age=\d+$/,
    );
    expect(headers['cache-control']).toBe('no-store');
  });

  it.each(['/graphql?query={cursor}', '/schema.graphql', '/metrics'])(
    'counts at %s',
    async (path) => {
      await using gateway = await start();
      const cookie = await begin(gateway.url);
      expect((await rawRequest(gateway.url + path, cookie)).status).toBe(200);
      expect((await rawRequest(gateway.url + path)).status).toBe(401);
    },
  );

  it('counts for event streams, and for WebSockets whose payload has no token', async () => {
    await using gateway = await start();
    const cookie = await begin(gateway.url);
    const query = encodeURIComponent('subscription { boxStatus { id } }');
    const stream = await fetch(`${gateway.url}/graphql?query=${query}`, {
      headers: { ...cookie, Accept: 'text/event-stream' },
    });
    expect(stream.status).toBe(200);
    await stream.body?.cancel();
    const url = `${gateway.url.replace('http', 'ws')}/graphql`;
    const headers = { ...cookie, Origin: gateway.url };
    await using socket = await RawSocket.open(url, { headers });
    expect(await socket.initialise()).toMatchObject({ type: 'connection_ack' });
    await using other = await RawSocket.open(url, { headers });
    other.send({ type: 'connection_init', payload: { token: 'a-wrong-token-of-some-length' } });
    expect(await other.closeCode).toBe(4403);
  });

  it('counts in a new gateway with the same token, and is over in one with another', async () => {
    let cookie: { readonly Cookie: string };
    {
      await using gateway = await start();
      cookie = await begin(gateway.url);
    }
    await using same = await start();
    expect((await rawRequest(`${same.url}/metrics`, cookie)).status).toBe(200);
    await using other = await start({ access: { token: 'another-token-of-some-length' } });
    expect((await rawRequest(`${other.url}/metrics`, cookie)).status).toBe(401);
  });

  it('ends by DELETE', async () => {
    await using gateway = await start();
    const cookie = await begin(gateway.url);
    const method = { method: 'DELETE' };
    const { status, headers } = await rawRequest(`${gateway.url}/session`, cookie, method);
    expect(status).toBe(204);
    expect(headers['set-cookie']).toBe(
      'se5_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0',
    );
  });

  it('does not begin without a right bearer token', async () => {
    await using gateway = await start();
    const ask = async (headers: Readonly<Record<string, string>>) => {
      const answer = await rawRequest(`${gateway.url}/session`, headers, { method: 'POST' });
      expect(answer.headers).not.toHaveProperty('set-cookie');
      return [answer.status, codeIn(answer.body)];
    };
    expect(await ask({})).toEqual([401, 'UNAUTHENTICATED']);
    expect(await ask({ Authorization: 'Bearer wrong' })).toEqual([401, 'UNAUTHENTICATED']);
    const cookie = await begin(gateway.url);
    expect(await ask({ ...cookie, Origin: gateway.url })).toEqual([400, 'BAD_REQUEST']);
  });

  it('does not begin with a token that is too long for a cookie', async () => {
    const long = 'x'.repeat(5_000);
    await using gateway = await start({ access: { token: long } });
    const { status, headers, body } = await rawRequest(
      `${gateway.url}/session`,
      { Authorization: `Bearer ${long}` },
      { method: 'POST' },
    );
    expect([status, codeIn(body)]).toEqual([413, 'CREDENTIAL_TOO_LONG']);
    expect(headers).not.toHaveProperty('set-cookie');
  });
});

const errorsSchema = z.object({ errors: z.array(z.unknown()) });

describe('a session does not count for', () => {
  it('a page on the same host with another port, which is the same site', async () => {
    await using gateway = await start();
    const cookie = await begin(gateway.url);
    const origin = 'http://127.0.0.1:1';
    const headers = { ...cookie, ...JSON_BODY, Origin: origin, 'Sec-Fetch-Site': 'same-site' };
    const options = { method: 'POST', body: QUERY };
    const refused = await rawRequest(`${gateway.url}/graphql`, headers, options);
    expect([refused.status, codeIn(refused.body)]).toEqual([403, 'FORBIDDEN']);
    const handshake = { ...WEBSOCKET_HANDSHAKE, ...cookie, Origin: origin };
    expect((await rawRequest(`${gateway.url}/graphql`, handshake)).status).toBe(403);
    const session = { ...bearer, Origin: origin };
    const begun = await rawRequest(`${gateway.url}/session`, session, { method: 'POST' });
    expect(begun.status).toBe(403);
  });

  it('a page of a listed origin, which has to show a token itself', async () => {
    await using gateway = await start({ origins: [DESK] });
    const cookie = await begin(gateway.url);
    const ask = (headers: Readonly<Record<string, string>>) =>
      rawRequest(
        `${gateway.url}/graphql`,
        { ...JSON_BODY, Origin: DESK, ...headers },
        { method: 'POST', body: QUERY },
      );
    expect((await ask(cookie)).status).toBe(401);
    const shown = await ask({ ...cookie, ...bearer });
    expect(shown.status).toBe(200);
    expect(shown.headers).not.toHaveProperty('access-control-allow-credentials');
    const socket = new WebSocket(
      `${gateway.url.replace('http', 'ws')}/graphql`,
      'graphql-transport-ws',
      {
        headers: { ...cookie, Origin: DESK },
      },
    );
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init' }));
    const [code] = await once(socket, 'close');
    expect(code).toBe(4403);
  });

  it('a POST, or a WebSocket, that names no page', async () => {
    await using gateway = await start();
    const cookie = await begin(gateway.url);
    const options = { method: 'POST', body: QUERY };
    const ask = (headers: Readonly<Record<string, string>>) =>
      rawRequest(`${gateway.url}/graphql`, { ...cookie, ...JSON_BODY, ...headers }, options);
    expect((await ask({})).status).toBe(401);
    expect((await ask({ Origin: 'null' })).status).toBe(403);
    const own = await ask({ Origin: gateway.url });
    expect(own.status).toBe(200);
    expect(errorsSchema.safeParse(JSON.parse(own.body)).success).toBe(false);
    await using socket = await RawSocket.open(`${gateway.url.replace('http', 'ws')}/graphql`, {
      headers: cookie,
    });
    socket.send({ type: 'connection_init' });
    expect(await socket.closeCode).toBe(4403);
  });

  it('nobody else: pages of publicUrl are our own behind a proxy that changes Host', async () => {
    await using gateway = await start({ publicUrl: DESK });
    const cookie = await begin(gateway.url);
    const answer = await rawRequest(
      `${gateway.url}/graphql`,
      { ...cookie, ...JSON_BODY, Origin: DESK },
      { method: 'POST', body: QUERY },
    );
    expect(answer.status).toBe(200);
  });
});

it('a token in the address of a request is not taken', async () => {
  await using gateway = await start();
  const answer = await rawRequest(`${gateway.url}/metrics?token=${encodeURIComponent(TOKEN)}`);
  expect(answer.status).toBe(401);
  expect((await post(gateway.url, '{ cursor }', bearer)).status).toBe(200);
});
