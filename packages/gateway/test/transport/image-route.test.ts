import { createServer } from 'node:http';
import type { Picture } from '@se5/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/config/limits.ts';
import { DEFAULT_SLOW_CLIENTS } from '../../src/config/slow-clients.ts';
import { createMemoryImageStore } from '../../src/images/memory-image-store.ts';
import { createImageRoute } from '../../src/transport/image-route.ts';
import { UnreadAnswers } from '../../src/transport/unread-answers.ts';

const BYTES = Buffer.from('not really a picture');
const HOUR_MS = 3_600_000;

const picture = (contentType: string): Picture => ({
  base64: Buffer.from(BYTES.toString('base64')),
  byteLength: BYTES.length,
  contentType,
});

/** A server of nothing but pictures, with one of the content type in it. */
async function serve(contentType = 'image/jpeg') {
  const images = createMemoryImageStore({
    capture: 'on-demand',
    keepMs: HOUR_MS,
    maxBytes: 1_000_000,
  });
  const key = images.keyOf('event', 'face');
  images.put(key, picture(contentType));
  const route = createImageRoute(images, new UnreadAnswers(DEFAULT_LIMITS, DEFAULT_SLOW_CLIENTS));
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
    get,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
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
    const response = await server.get(server.key);
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
    const response = await server.get(server.key);
    expect(response.headers.get('cache-control')).toBe('private, max-age=90, immutable');
    await response.body?.cancel();
  });

  it('answers HEAD with the same headers and no body', async () => {
    await using server = await serve();
    const response = await server.get(server.key, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe(String(BYTES.length));
    expect(await response.text()).toBe('');
  });

  it.each(['"KEY"', 'W/"KEY"', '"other", "KEY"', '*'])(
    'is not sent again to who has it already (If-None-Match: %s)',
    async (condition) => {
      await using server = await serve();
      const headers = { 'If-None-Match': condition.replace('KEY', server.key) };
      const response = await server.get(server.key, { headers });
      expect(response.status).toBe(304);
      expect(response.headers.get('etag')).toBe(`"${server.key}"`);
      expect((await server.get(server.key, { headers: { 'If-None-Match': '"x"' } })).status).toBe(
        200,
      );
    },
  );

  it.each(['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/bmp'])(
    'of the type %s is shown',
    async (contentType) => {
      await using server = await serve(contentType);
      const response = await server.get(server.key);
      expect(response.headers.get('content-type')).toBe(contentType);
      expect(response.headers.get('content-disposition')).toBe('inline');
    },
  );

  it.each(['application/octet-stream', 'image/svg+xml', 'text/html'])(
    'of the type %s is a download',
    async (contentType) => {
      await using server = await serve(contentType);
      const response = await server.get(server.key);
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
    const response = await server.get(server.key, { headers });
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

  it.each(['POST', 'PUT', 'DELETE'])('is not made by %s', async (method) => {
    await using server = await serve();
    const response = await server.get(server.key, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
  });
});
