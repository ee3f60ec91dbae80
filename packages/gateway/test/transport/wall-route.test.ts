import { mkdir, mkdtempDisposable, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway.ts';
import { startGateway } from '../support/gateways.ts';
import { rawRequest } from '../support/http.ts';
import { recordedLog } from '../support/recorded-log.ts';

const SCRIPT = `export const long = '${'x'.repeat(2_000)}';\n`;
const FILES: Readonly<Record<string, string>> = {
  'index.html': '<!doctype html><title>A page</title>',
  'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'roles.json': '[]',
  'assets/index-1a2b3c4d.js': SCRIPT,
  'assets/index-5e6f7a8b.css': 'p { color: red }',
};

/** A folder with a page of a few bytes in it. */
async function pageFolder() {
  const folder = await mkdtempDisposable(join(tmpdir(), 'se5-wall-'));
  await mkdir(join(folder.path, 'assets'));
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder.path, name), text);
  return folder;
}

describe('the event wall', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    await using folder = await pageFolder();
    gateway = await startGateway({
      config: { wall: true, publicUrl: 'https://faces.example.com/se5' },
      wall: { folder: folder.path, gateways: ['http://127.0.0.1:4001'] },
    });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it('is served at /, whatever happens to its files, and runs and reaches nothing else', async () => {
    const { status, headers, body } = await rawRequest(`${gateway.url}/?type=VIP`);
    expect(status).toBe(200);
    expect(body).toBe(FILES['index.html']);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-length': String(body.length),
      'cache-control': 'private, no-cache',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; " +
        "img-src 'self' https://faces.example.com http://127.0.0.1:4001; " +
        "connect-src 'self' http://127.0.0.1:4001 ws://127.0.0.1:4001; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    });
  });

  it.each([
    ['/icon.svg', 'image/svg+xml', 'private, no-cache'],
    ['/roles.json', 'application/json; charset=utf-8', 'private, no-cache'],
    [
      '/assets/index-1a2b3c4d.js',
      'text/javascript; charset=utf-8',
      'private, max-age=31536000, immutable',
    ],
    [
      '/assets/index-5e6f7a8b.css',
      'text/css; charset=utf-8',
      'private, max-age=31536000, immutable',
    ],
  ])('has %s, which browsers keep as its name allows', async (path, contentType, cacheControl) => {
    const { status, headers } = await rawRequest(gateway.url + path);
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'content-type': contentType, 'cache-control': cacheControl });
  });

  it.each([
    ['gzip, deflate, br', 'br'],
    ['gzip, deflate', 'gzip'],
  ])('is compressed for a browser that accepts %s', async (accepted, coding) => {
    const response = await fetch(`${gateway.url}/assets/index-1a2b3c4d.js`, {
      headers: { 'Accept-Encoding': accepted },
    });
    expect(response.headers.get('content-encoding')).toBe(coding);
    expect(response.headers.get('vary')).toContain('Accept-Encoding');
    expect(Number(response.headers.get('content-length'))).toBeLessThan(200);
    expect(await response.text()).toBe(SCRIPT);
  });

  it('is sent once to a browser that asks again, and its head to HEAD', async () => {
    const gzip = { 'Accept-Encoding': 'gzip' };
    const { headers } = await rawRequest(gateway.url, gzip);
    const tag = headers['etag'] ?? '';
    expect(tag).toMatch(/^"[\w-]+-gzip"$/);
    const again = await rawRequest(gateway.url, { ...gzip, 'If-None-Match': `W/${tag}` });
    expect(again).toMatchObject({ status: 304, body: '' });
    // Another coding is another representation, with a tag of its own.
    expect(await rawRequest(gateway.url, { 'If-None-Match': tag })).toMatchObject({ status: 200 });
    const head = await rawRequest(gateway.url, gzip, { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, body: '' });
    expect(head.headers).toMatchObject({
      etag: tag,
      'content-length': headers['content-length'],
      'content-encoding': 'gzip',
    });
  });

  it.each(['/', '/assets/index-1a2b3c4d.js'])('is read, not written: %s', async (path) => {
    const { status, headers } = await rawRequest(gateway.url + path, {}, { method: 'POST' });
    expect(status).toBe(405);
    expect(headers).toMatchObject({ allow: 'GET, HEAD, OPTIONS' });
  });

  it.each(['/index.html', '/assets/', '/assets/..%2Ficon.svg', '/x'])(
    'is nothing but its files: %s',
    async (path) => {
      const { status, body } = await rawRequest(gateway.url + path);
      expect(status).toBe(404);
      expect(body).toContain('GraphQL is at /graphql');
    },
  );

  it('is in no page of another origin, and under no name that was made to point here', async () => {
    const foreign = await rawRequest(`${gateway.url}/assets/index-1a2b3c4d.js`, {
      Referer: 'https://stranger.example.net/',
    });
    expect(foreign.status).toBe(403);
    expect((await rawRequest(gateway.url, { Host: 'rebound.example.net' })).status).toBe(421);
  });
});

describe('a gateway without the event wall', () => {
  it('says where GraphQL is, when it is disabled', async () => {
    await using folder = await pageFolder();
    await using gateway = await startGateway({
      config: { wall: false },
      wall: { folder: folder.path },
    });
    const { status, body } = await rawRequest(gateway.url);
    expect(status).toBe(404);
    expect(body).toContain('GraphQL is at /graphql.');
  });

  it('starts, and says once how to build it, when it is not built', async () => {
    const { logger, lines } = recordedLog();
    await using folder = await pageFolder();
    await rm(join(folder.path, 'index.html'));
    await using gateway = await startGateway({
      logger,
      config: { wall: true },
      wall: { folder: folder.path },
    });
    const { status, body } = await rawRequest(gateway.url);
    expect(status).toBe(404);
    expect(body).toContain('The event wall is not built: run `npx -y pnpm@10.34.9 wall`');
    const warnings = lines.filter(({ level }) => level === 'warn');
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining('The event wall is not built'),
    ]);
  });
});
