import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway.ts';
import { startGateway } from '../support/gateways.ts';
import { rawRequest } from '../support/http.ts';
import { askWithoutReading } from '../support/unread.ts';

const MIB = 2 ** 20;
const TOKEN = 'f00dfeedf00dfeedf00dfeed';
const bearer = { Authorization: `Bearer ${TOKEN}` };
const BROWSER = { Accept: 'text/html,*/*;q=0.8', 'Accept-Encoding': 'gzip, deflate' };

const load = (url: string, headers: Readonly<Record<string, string>> = {}) =>
  rawRequest(`${url}/graphql`, { ...BROWSER, ...headers });

describe('the page to try queries on', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it('comes compressed, and runs only its own scripts', async () => {
    const { status, headers } = await load(gateway.url);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-encoding': 'gzip',
      'cache-control': 'private, no-cache',
      vary: 'Origin, Accept-Encoding',
    });
    expect(Number(headers['content-length'])).toBeLessThan(3 * MIB);
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toMatch(/script-src 'sha256-[\w+/]{43}='(?:;| ')/);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it('is loaded by a browser once', async () => {
    const { headers } = await load(gateway.url);
    const again = await load(gateway.url, { 'If-None-Match': headers['etag'] ?? '' });
    expect(again.status).toBe(304);
    expect(again.body).toBe('');
  });

  it('is refused to a client that takes it uncompressed only', async () => {
    const { status, body } = await load(gateway.url, { 'Accept-Encoding': 'identity' });
    expect(status).toBe(406);
    expect(body).toContain('accept gzip');
  });

  it('takes no memory for each browser that does not read it', async () => {
    const BROWSERS = 100;
    await load(gateway.url);
    const before = process.memoryUsage.rss();
    using browsers = new DisposableStack();
    for (let asked = 0; asked < BROWSERS; asked += 1) {
      const browser = await askWithoutReading(`${gateway.url}/graphql`, { headers: BROWSER });
      await browsers.use(browser).answered;
    }
    expect(process.memoryUsage.rss() - before).toBeLessThan(150 * MIB);
  });

  it('is given to nobody with graphiql: false', async () => {
    await using gateway = await startGateway({ config: { graphiql: false } });
    const { headers, body } = await load(gateway.url);
    expect(headers['content-type']).not.toContain('text/html');
    expect(body).not.toContain('<!doctype html>');
  });

  it('is given for the token alone with graphiql: authenticated', async () => {
    const config = { access: { token: TOKEN }, graphiql: 'authenticated' };
    await using gateway = await startGateway({ config });
    expect((await load(gateway.url)).status).toBe(401);
    const { status, headers } = await load(gateway.url, bearer);
    expect(status).toBe(200);
    expect(headers['content-encoding']).toBe('gzip');
  });

  it('is given to nobody with graphiql: authenticated where nothing authenticates', async () => {
    await using gateway = await startGateway({ config: { graphiql: 'authenticated' } });
    expect((await load(gateway.url)).headers['content-type']).not.toContain('text/html');
  });
});
