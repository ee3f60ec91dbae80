import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { post, startGateway } from '../support/gateways.ts';
import { rawRequest, WEBSOCKET_HANDSHAKE } from '../support/http.ts';
import { recordedLog } from '../support/recorded-log.ts';

const DESK = 'https://desk.example.com';
const STRANGER = 'https://stranger.example.net';
const TOKEN = 'f00dfeedf00dfeedf00dfeed';
const bearer = { Authorization: `Bearer ${TOKEN}` };

const refusalSchema = z.object({
  errors: z.tuple([z.object({ extensions: z.object({ code: z.string() }) })]),
});
const codeOf = (body: string): string =>
  refusalSchema.parse(JSON.parse(body)).errors[0].extensions.code;

describe('a page of another origin', () => {
  it.each(['/graphql?query={cursor}', '/images/x', '/metrics', '/', '/anything'])(
    'is refused at %s, with the key that would change that',
    async (path) => {
      await using gateway = await startGateway();
      const { status, headers, body } = await rawRequest(gateway.url + path, { Origin: STRANGER });
      expect(status).toBe(403);
      expect(codeOf(body)).toBe('FORBIDDEN');
      expect(body).toContain('add that origin to origins');
      expect(headers).not.toHaveProperty('access-control-allow-origin');
      expect(headers).toMatchObject({
        vary: 'Origin',
        'cache-control': 'no-store',
        'cross-origin-resource-policy': 'same-origin',
      });
    },
  );

  it('opens no WebSocket', async () => {
    await using gateway = await startGateway();
    const headers = { ...WEBSOCKET_HANDSHAKE, Origin: STRANGER };
    const { status, body } = await rawRequest(`${gateway.url}/graphql`, headers);
    expect(status).toBe(403);
    expect(codeOf(body)).toBe('FORBIDDEN');
  });

  it('may not so much as ask whether it may', async () => {
    await using gateway = await startGateway();
    const headers = { Origin: STRANGER, 'Access-Control-Request-Method': 'POST' };
    const answer = await rawRequest(`${gateway.url}/graphql`, headers, { method: 'OPTIONS' });
    expect(answer.status).toBe(403);
    expect(answer.headers).not.toHaveProperty('access-control-allow-methods');
  });

  it('is told whether it may ask at an address that every page can read', async () => {
    await using gateway = await startGateway({ config: { origins: [DESK] } });
    const ask = (origin: string) =>
      rawRequest(`${gateway.url}/origin`, { Origin: origin }, { method: 'POST' });
    const refused = await ask(STRANGER);
    expect(refused.status).toBe(403);
    expect(codeOf(refused.body)).toBe('FORBIDDEN');
    expect(refused.body).toContain('add that origin to origins');
    const listed = await ask(DESK);
    expect(listed).toMatchObject({ status: 204, body: '' });
    for (const { headers } of [refused, listed]) {
      expect(headers).toMatchObject({
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
        'cache-control': 'no-store',
      });
    }
  });

  it('that is listed may read answers', async () => {
    await using gateway = await startGateway({ config: { origins: [DESK] } });
    for (const path of ['/graphql?query={cursor}', '/images/x']) {
      const { headers } = await rawRequest(gateway.url + path, { Origin: DESK });
      expect({ path, ...headers }).toMatchObject({
        path,
        'access-control-allow-origin': DESK,
        vary: 'Origin',
        'cross-origin-resource-policy': 'cross-origin',
      });
    }
    const upgrade = { ...WEBSOCKET_HANDSHAKE, Origin: DESK };
    expect((await rawRequest(`${gateway.url}/graphql`, upgrade)).status).toBe(101);
  });

  it('that is listed gets nothing but GraphQL and pictures', async () => {
    await using gateway = await startGateway({ config: { origins: [DESK] } });
    for (const path of ['/metrics', '/anything']) {
      const { headers } = await rawRequest(gateway.url + path, { Origin: DESK });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
      expect(headers).toMatchObject({ 'cross-origin-resource-policy': 'same-origin' });
    }
  });

  it('that is listed may ask with the headers of GraphQL clients', async () => {
    await using gateway = await startGateway({ config: { origins: [DESK] } });
    const { status, headers } = await rawRequest(
      `${gateway.url}/graphql`,
      {
        Origin: DESK,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization,content-type,last-event-id',
      },
      { method: 'OPTIONS' },
    );
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': DESK,
      'access-control-allow-methods': 'GET, HEAD, POST',
      'access-control-allow-headers': 'authorization,content-type,last-event-id',
      vary: 'Origin',
    });
  });

  it('is told of in the log, once', async () => {
    const { logger, lines } = recordedLog();
    await using gateway = await startGateway({ logger });
    await rawRequest(gateway.url, { Origin: STRANGER });
    await rawRequest(gateway.url, { Origin: STRANGER });
    const warnings = lines.filter(({ level }) => level === 'warn');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.message).toContain(STRANGER);
  });
});

describe('a name that was made to point at the gateway', () => {
  it.each(['/graphql?query={cursor}', '/graphql', '/images/x', '/'])(
    'gets nothing from %s',
    async (path) => {
      await using gateway = await startGateway();
      const { status, body } = await rawRequest(gateway.url + path, {
        Host: 'rebound.example.net',
      });
      expect(status).toBe(421);
      expect(codeOf(body)).toBe('FORBIDDEN');
    },
  );

  it('opens no WebSocket', async () => {
    await using gateway = await startGateway();
    const headers = { ...WEBSOCKET_HANDSHAKE, Host: 'rebound.example.net' };
    expect((await rawRequest(`${gateway.url}/graphql`, headers)).status).toBe(421);
  });

  it.each(['/healthz', '/readyz', '/metrics'])(
    'does not keep a balancer or a scrape from %s',
    async (path) => {
      await using gateway = await startGateway();
      const { status } = await rawRequest(gateway.url + path, { Host: 'pod-17.internal' });
      expect(status).toBe(200);
    },
  );
});

describe('a name in hosts', () => {
  it('gets answers, and opens WebSockets', async () => {
    await using gateway = await startGateway({ config: { hosts: ['se5_gateway'] } });
    const Host = 'SE5_Gateway:4000';
    const { status } = await rawRequest(`${gateway.url}/graphql?query={cursor}`, { Host });
    expect(status).toBe(200);
    const upgrade = { ...WEBSOCKET_HANDSHAKE, Host };
    expect((await rawRequest(`${gateway.url}/graphql`, upgrade)).status).toBe(101);
  });

  it('does not let pages of other origins read the figures', async () => {
    await using gateway = await startGateway({ config: { hosts: ['se5_gateway'] } });
    const headers = { Host: 'anything', Origin: STRANGER };
    expect((await rawRequest(`${gateway.url}/metrics`, headers)).status).toBe(403);
  });
});

describe('a gateway with a token', () => {
  const config = { access: { token: TOKEN } };

  it.each(['/graphql?query={cursor}', '/metrics'])('asks for it at %s', async (path) => {
    await using gateway = await startGateway({ config });
    const attempts: { Authorization?: string }[] = [
      {},
      { Authorization: 'Bearer wrong' },
      { Authorization: TOKEN },
    ];
    for (const headers of attempts) {
      const refused = await rawRequest(gateway.url + path, headers);
      expect(refused.status).toBe(401);
      expect(codeOf(refused.body)).toBe('UNAUTHENTICATED');
      const isWrong = headers.Authorization !== undefined;
      expect(refused.headers['www-authenticate']).toBe(
        isWrong ? 'Bearer error="invalid_token"' : 'Bearer',
      );
      expect(refused.body).toContain(isWrong ? 'not the right token' : 'A token is needed');
    }
    expect((await rawRequest(gateway.url + path, bearer)).status).toBe(200);
  });

  it.each([
    ['/healthz', 200],
    ['/readyz', 200],
    ['/images/x', 404],
  ])('does not ask for it at %s', async (path, status) => {
    await using gateway = await startGateway({ config });
    expect((await rawRequest(gateway.url + path)).status).toBe(status);
  });

  it('shows the page to try queries on without it, but answers no query there', async () => {
    await using gateway = await startGateway({ config });
    const answer = await fetch(`${gateway.url}/graphql?query={cursor}`, {
      headers: { Accept: 'text/html' },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const body = await answer.text();
    expect(body).toContain('<!doctype html>');
    expect(body).not.toContain('"cursor":');
  });
});

describe('every answer', () => {
  it.each(['/graphql', '/images/x', '/metrics', '/healthz', '/nothing'])(
    'tells browsers not to guess its type or show it in a frame: %s',
    async (path) => {
      await using gateway = await startGateway();
      expect((await rawRequest(gateway.url + path)).headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'content-security-policy': "frame-ancestors 'none'",
        'referrer-policy': 'same-origin',
      });
    },
  );
});

describe('the routes', () => {
  it('answer a query, and figures in the format of Prometheus', async () => {
    await using gateway = await startGateway();
    expect(await (await post(gateway.url, '{ sites { id } }')).json()).toEqual({
      data: { sites: [{ id: 'site' }] },
    });
    const metrics = await rawRequest(`${gateway.url}/metrics`);
    expect(metrics.headers['content-type']).toContain('text/plain; version=0.0.4');
    expect(metrics.body).toContain('# HELP se5_links Links to boxes, by state.');
  });

  it('hand everything else to the fallback', async () => {
    await using gateway = await startGateway({
      fallback: (request, response) => response.end(`page of ${request.url}`),
    });
    expect((await rawRequest(`${gateway.url}/wall?x=1`)).body).toBe('page of /wall?x=1');
    expect((await rawRequest(`${gateway.url}/healthz`)).body).toBe('alive\n');
  });

  it('say where GraphQL is when there is no fallback', async () => {
    await using gateway = await startGateway();
    const { status, body } = await rawRequest(gateway.url);
    expect(status).toBe(404);
    expect(body).toContain('/graphql');
  });

  it('answer 500 without details for a fallback that throws, and log where', async () => {
    const { logger, lines } = recordedLog();
    await using gateway = await startGateway({
      logger,
      fallback: () => {
        throw new Error('Visitor 12');
      },
    });
    const { status, body } = await rawRequest(gateway.url);
    expect(status).toBe(500);
    expect(body).not.toContain('Visitor');
    const errors = lines.filter(({ level }) => level === 'error');
    expect(errors).toHaveLength(1);
    expect(JSON.stringify(errors)).not.toContain('Visitor');
  });

  it('accept WebSockets at /graphql alone', async () => {
    await using gateway = await startGateway();
    expect((await rawRequest(`${gateway.url}/other`, WEBSOCKET_HANDSHAKE)).status).toBe(404);
  });
});

describe('a request that is too large', () => {
  const query = `# ${'x'.repeat(1_100_000)}\n{ cursor }`;

  it('is refused by its length', async () => {
    await using gateway = await startGateway();
    expect((await post(gateway.url, query)).status).toBe(413);
  });

  it('is refused when it does not say its length', async () => {
    await using gateway = await startGateway();
    const { status } = await rawRequest(
      `${gateway.url}/graphql`,
      { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' },
      { method: 'POST', body: JSON.stringify({ query }) },
    );
    expect(status).toBe(413);
  });

  it('is refused for its headers', async () => {
    await using gateway = await startGateway();
    const { status } = await rawRequest(gateway.url, { 'X-Long': 'x'.repeat(20_000) });
    expect(status).toBe(431);
  });
});
