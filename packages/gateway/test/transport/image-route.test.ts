import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Picture } from '@se5/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/config/limits.ts';
import { DEFAULT_SLOW_CLIENTS } from '../../src/config/slow-clients.ts';
import type { ImageKey } from '../../src/images/image-store.ts';
import { createMemoryImageStore } from '../../src/images/memory-image-store.ts';
import { PICTURES_PATH, type PictureAddressesOptions } from '../../src/images/picture-addresses.ts';
import { createImageRoute } from '../../src/transport/image-route.ts';
import { UnreadAnswers } from '../../src/transport/unread-answers.ts';
import { addressesOf } from '../support/picture-addresses.ts';
import { origin } from '../support/recognitions.ts';

const BYTES = Buffer.from('not really a picture');
const HOUR_MS = 3_600_000;
/** Longer than pictures are kept, unless it is said otherwise. */
const ADDRESS_LIFE_MS = 2 * HOUR_MS;
const CLASS = 'a-class-of-16-ch';

const picture = (contentType: string): Picture => ({
  base64: Buffer.from(BYTES.toString('base64')),
  byteLength: BYTES.length,
  contentType,
});

/** A server of nothing but pictures, with one of the content type in it. */
async function serve(contentType = 'image/jpeg', options: Partial<PictureAddressesOptions> = {}) {
  const images = createMemoryImageStore({
    capture: 'on-demand',
    keepMs: HOUR_MS,
    maxBytes: 1_000_000,
  });
  const key = images.keyOf('event', 'face');
  images.put(key, picture(contentType), origin());
  const unread = new UnreadAnswers(DEFAULT_LIMITS, DEFAULT_SLOW_CLIENTS);
  const addresses = addressesOf(images, { lifeMs: ADDRESS_LIFE_MS, ...options });
  const route = createImageRoute(images, addresses, unread);
  const server = createServer((request, response) => {
    void route(request, response, request.url?.slice('/images/'.length) ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const get = (path: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${port}/images/${path}`, init);
  return {
    key,
    addresses,
    /** What follows `/images/` in the picture's address. */
    path: addresses.of(key, CLASS, addresses.expiry).slice(PICTURES_PATH.length),
    get,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      unread[Symbol.dispose]();
      await images[Symbol.asyncDispose]();
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a picture', () => {
  it('is served as the bytes that the box encoded, for this browser alone', async () => {
    await using server = await serve();
    const response = await server.get(server.path);
    expect(response.status).toBe(200);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(BYTES);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': String(BYTES.length),
      'cache-control': 'private, max-age=3600, immutable',
      etag: `"${server.key}"`,
    });
  });

  it('may be cached no longer than it is kept', async () => {
    await using server = await serve();
    vi.setSystemTime(Date.now() + HOUR_MS - 90_500);
    const response = await server.get(server.path);
    expect(response.headers.get('cache-control')).toBe('private, max-age=90, immutable');
    await response.body?.cancel();
  });

  it('may be cached no longer than its address is good', async () => {
    await using server = await serve('image/jpeg', { lifeMs: 600_000, now: () => 60_500 });
    const response = await server.get(server.path);
    // 660.5 s, rounded up to a multiple of 300 s.
    expect(response.headers.get('cache-control')).toBe('private, max-age=839, immutable');
    await response.body?.cancel();
  });

  it('runs nothing, loads nothing and is in no frame, whatever its bytes are taken for', async () => {
    await using server = await serve('text/html');
    const response = await server.get(server.path);
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; sandbox; frame-ancestors 'none'",
    );
    await response.body?.cancel();
  });

  it('is not sent again under a new address', async () => {
    let now = 0;
    await using server = await serve('image/jpeg', { lifeMs: 600_000, now: () => now });
    now = 600_000;
    const path = server.addresses.of(server.key, CLASS, server.addresses.expiry);
    expect(path).not.toContain(server.path);
    const headers = { 'If-None-Match': `"${server.key}"` };
    const response = await server.get(path.slice(PICTURES_PATH.length), { headers });
    expect([response.status, response.headers.get('cache-control')]).toEqual([
      304,
      'private, max-age=600, immutable',
    ]);
  });

  it('answers HEAD with the same headers and no body', async () => {
    await using server = await serve();
    const response = await server.get(server.path, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe(String(BYTES.length));
    expect(await response.text()).toBe('');
  });

  it.each(['"KEY"', 'W/"KEY"', '"other", "KEY"', '*'])(
    'is not sent again to who has it already (If-None-Match: %s)',
    async (condition) => {
      await using server = await serve();
      const headers = { 'If-None-Match': condition.replace('KEY', server.key) };
      const response = await server.get(server.path, { headers });
      expect(response.status).toBe(304);
      expect(response.headers.get('etag')).toBe(`"${server.key}"`);
      expect((await server.get(server.path, { headers: { 'If-None-Match': '"x"' } })).status).toBe(
        200,
      );
    },
  );

  it.each(['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/bmp'])(
    'of the type %s is shown',
    async (contentType) => {
      await using server = await serve(contentType);
      const response = await server.get(server.path);
      expect(response.headers.get('content-type')).toBe(contentType);
      expect(response.headers.get('content-disposition')).toBe('inline');
    },
  );

  it.each(['application/octet-stream', 'image/svg+xml', 'text/html'])(
    'of the type %s is a download',
    async (contentType) => {
      await using server = await serve(contentType);
      const response = await server.get(server.path);
      expect(response.headers.get('content-type')).toBe('application/octet-stream');
      expect(response.headers.get('content-disposition')).toBe('attachment');
    },
  );
});

describe('what is no picture', () => {
  it('is not found: one that is not kept any more, even for who has it', async () => {
    await using server = await serve();
    vi.advanceTimersByTime(HOUR_MS);
    const headers = { 'If-None-Match': `"${server.key}"` };
    const response = await server.get(server.path, { headers });
    expect(response.status).toBe(404);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it.each(['', 'nonsense', '../package.json', '%00', 'constructor', '__proto__'])(
    'is not found: %j',
    async (path) => {
      await using server = await serve();
      const response = await server.get(path);
      expect(response.status).toBe(404);
      expect(response.headers.get('cache-control')).toBe('no-store');
    },
  );
});

describe('an address', () => {
  it.each(['GET', 'HEAD'])('that has expired is answered with 410 to %s', async (method) => {
    let now = 0;
    await using server = await serve('image/jpeg', { lifeMs: 600_000, now: () => now });
    now = 599_999;
    expect((await server.get(server.path, { method })).status).toBe(200);
    now = 600_000;
    const headers = { 'If-None-Match': `"${server.key}"` };
    const response = await server.get(server.path, { method, headers });
    expect([response.status, response.headers.get('cache-control')]).toEqual([410, 'no-store']);
    if (method === 'GET') {
      expect(await response.json()).toMatchObject({
        errors: [
          {
            message: expect.stringContaining('Ask for the event again'),
            extensions: { code: 'ADDRESS_EXPIRED' },
          },
        ],
      });
    }
  });

  it('of a class with a revoked credential is answered with 410', async () => {
    let generation = 0;
    const classes = { generationOf: () => generation };
    await using server = await serve('image/jpeg', { classes });
    expect((await server.get(server.path)).status).toBe(200);
    generation = 1;
    const response = await server.get(server.path);
    expect([response.status, response.headers.get('cache-control')]).toEqual([410, 'no-store']);
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'ADDRESS_REVOKED' } }],
    });
  });

  it('that is forged is answered as one of no picture', async () => {
    await using server = await serve();
    const forged = await server.get(
      `${server.path.slice(0, -1)}${server.path.endsWith('A') ? 'B' : 'A'}`,
    );
    const missing = await server.get('nonsense');
    expect([forged.status, missing.status]).toEqual([404, 404]);
    expect(await forged.text()).toBe(await missing.text());
  });

  it('is needed: the key alone is none', async () => {
    await using server = await serve();
    expect((await server.get(server.key)).status).toBe(404);
  });
});

it('answers 503 when more requests wait for the disk than may', async () => {
  const disk = Promise.withResolvers<undefined>();
  let reads = 0;
  const get = () => {
    reads += 1;
    return disk.promise;
  };
  using unread = new UnreadAnswers(DEFAULT_LIMITS, DEFAULT_SLOW_CLIENTS);
  const key = 'key' as ImageKey;
  const open = () => ({ kind: 'good', key, classKey: '', leftMs: 1_000 }) as const;
  const route = createImageRoute({ get }, { open }, unread, { maxWaiting: 1 });
  const server = createServer((request, response) => void route(request, response, key));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  // 32 are read, and 1 waits: whichever comes last is refused while the disk stands still.
  const answers = Array.from({ length: 34 }, () => fetch(`http://127.0.0.1:${port}/`));
  const refused = await Promise.race(answers);
  expect([refused.status, refused.headers.get('Retry-After')]).toEqual([503, '1']);
  expect(reads).toBe(32);
  disk.resolve(undefined);
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 404)).toHaveLength(33);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
