import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ClientError } from '../src/errors.ts';
import {
  type Client,
  type EventImages,
  type FreshImages,
  freshImages,
  type PicturedEvent,
} from '../src/index.ts';

const BEGIN = Date.UTC(2025, 0, 1, 8);
const LIFE_MS = 600_000;

/** Answers queries as a gateway whose addresses are good for ten minutes; the test says when. */
class Gateway {
  readonly asked: (readonly string[])[] = [];
  readonly gone = new Set<string>();
  life = LIFE_MS;
  error: ClientError | undefined;
  /** Settles when the answer may be given. */
  ready: Promise<void> = Promise.resolve();

  images(cursor: string): EventImages {
    const expiresAt = Date.now() + this.life;
    const url = `/images/${cursor}.${expiresAt}`;
    const urlExpiresAt = new Date(expiresAt).toISOString();
    const faceImage = { url, urlExpiresAt, byteLength: 1, contentType: 'image/jpeg' };
    return { faceImage, sceneImage: null, registeredImage: null };
  }

  event(cursor: string): PicturedEvent {
    return { cursor, ...this.images(cursor) };
  }

  readonly query = (async (_document: unknown, { cursors }: { cursors: readonly string[] }) => {
    this.asked.push(cursors);
    await this.ready;
    if (this.error) throw this.error;
    return {
      recognitionEventsAt: cursors.map((cursor) =>
        this.gone.has(cursor) ? null : this.images(cursor),
      ),
    };
  }) as Client['query'];
}

const urlOf = (images: FreshImages, event: PicturedEvent) => images.of(event).faceImage?.url;

let gateway: Gateway;
let images: FreshImages;
beforeEach(() => {
  vi.useFakeTimers({ now: BEGIN });
  gateway = new Gateway();
  images = freshImages(gateway);
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('the addresses of an event that is watched', () => {
  test('are renewed before they expire, and the watcher is told', async () => {
    const event = gateway.event('c1');
    const told: (string | null | undefined)[] = [];
    const stop = images.watch(event, () => told.push(urlOf(images, event)));
    expect(images.of(event).faceImage).toBe(event.faceImage);
    await vi.advanceTimersByTimeAsync(LIFE_MS - 60_001);
    expect(gateway.asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(gateway.asked).toEqual([['c1']]);
    expect(told).toEqual([urlOf(images, event)]);
    expect(told).not.toEqual([event.faceImage?.url]);
    stop();
  });

  test('are renewed with one query for all events of a page, one query at a time', async () => {
    const answered = Promise.withResolvers<void>();
    const events = Array.from({ length: 150 }, (_, index) => gateway.event(`c${index}`));
    const stops = events.map((event) => images.watch(event, () => {}));
    gateway.ready = answered.promise;
    await vi.advanceTimersByTimeAsync(LIFE_MS);
    const late = gateway.event('late');
    stops.push(images.watch(late, () => {}));
    images.failed(late, late.faceImage?.url ?? '');
    await vi.advanceTimersByTimeAsync(LIFE_MS);
    expect(gateway.asked.map(({ length }) => length)).toEqual([100]);
    answered.resolve();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(gateway.asked.map(({ length }) => length)).toEqual([100, 51]);
    for (const stop of stops) stop();
  });

  test('are renewed at moments that differ between pages', async () => {
    const pages = Array.from({ length: 30 }, () => new Gateway());
    const stops = pages.map((page) => freshImages(page).watch(page.event('c1'), () => {}));
    await vi.advanceTimersByTimeAsync(LIFE_MS - 45_000);
    const early = pages.filter(({ asked }) => asked.length > 0).length;
    expect(early).toBeGreaterThan(0);
    expect(early).toBeLessThan(30);
    for (const stop of stops) stop();
  });

  test('are renewed no more once nobody watches it', async () => {
    const event = gateway.event('c1');
    const stops = [images.watch(event, () => {}), images.watch(event, () => {})];
    stops[0]?.();
    await vi.advanceTimersByTimeAsync(LIFE_MS);
    expect(gateway.asked).toHaveLength(1);
    stops[1]?.();
    await vi.advanceTimersByTimeAsync(10 * LIFE_MS);
    expect(gateway.asked).toHaveLength(1);
  });

  test('are null once the event is gone', async () => {
    const event = gateway.event('c1');
    let told = 0;
    const stop = images.watch(event, () => {
      told += 1;
    });
    gateway.gone.add('c1');
    await vi.advanceTimersByTimeAsync(10 * LIFE_MS);
    expect(images.of(event)).toEqual({ faceImage: null, sceneImage: null, registeredImage: null });
    expect([told, gateway.asked.length]).toEqual([1, 1]);
    stop();
  });

  test('are asked for again, later and later, while the gateway does not answer', async () => {
    const event = gateway.event('c1');
    gateway.error = new ClientError('NETWORK', 'away');
    const stop = images.watch(event, () => {});
    await vi.advanceTimersByTimeAsync(2 * LIFE_MS);
    // At least one a minute by the end, and never more than one a second.
    expect(gateway.asked.length).toBeGreaterThan(8);
    expect(gateway.asked.length).toBeLessThan(60);
    gateway.error = undefined;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(urlOf(images, event)).not.toBe(event.faceImage?.url);
    stop();
  });

  test('are asked for no more once the client is disposed of', async () => {
    const stop = images.watch(gateway.event('c1'), () => {});
    gateway.error = new ClientError('CLOSED', 'disposed');
    await vi.advanceTimersByTimeAsync(10 * LIFE_MS);
    expect(gateway.asked).toHaveLength(1);
    stop();
  });

  test('are renewed at most every ten seconds by a client whose clock is ahead', async () => {
    gateway.life = -LIFE_MS;
    const stop = images.watch(gateway.event('c1'), () => {});
    await vi.advanceTimersByTimeAsync(100_000);
    expect(gateway.asked.length).toBeLessThanOrEqual(11);
    stop();
  });
});

describe('an event that is watched late', () => {
  test('has no address until it is renewed, so that no refused one is loaded', async () => {
    const event = gateway.event('c1');
    await vi.advanceTimersByTimeAsync(LIFE_MS);
    expect(images.of(event)).toMatchObject({ faceImage: { url: null, byteLength: 1 } });
    expect(images.of(event)).toBe(images.of(event));
    const stop = images.watch(event, () => {});
    await vi.advanceTimersByTimeAsync(100);
    expect(gateway.asked).toEqual([['c1']]);
    expect(urlOf(images, event)).toMatch(/^\/images\/c1\./);
    stop();
  });

  test('keeps what was renewed while it was watched before', async () => {
    const event = gateway.event('c1');
    const stop = images.watch(event, () => {});
    await vi.advanceTimersByTimeAsync(LIFE_MS - 1);
    stop();
    const renewed = urlOf(images, event);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(urlOf(images, event)).toBe(renewed);
    expect(renewed).not.toBe(event.faceImage?.url);
  });
});

describe('an address that fails', () => {
  test('is asked for anew once, and again only when the new one fails', async () => {
    const event = gateway.event('c1');
    const stop = images.watch(event, () => {});
    const url = event.faceImage?.url ?? '';
    for (let time = 0; time < 5; time += 1) images.failed(event, url);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(gateway.asked).toEqual([['c1']]);
    images.failed(event, url);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(gateway.asked).toHaveLength(1);
    images.failed(event, urlOf(images, event) ?? '');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(gateway.asked).toHaveLength(2);
    stop();
  });

  test('that comes back the same changes nothing', async () => {
    const event = gateway.event('c1');
    let told = 0;
    const stop = images.watch(event, () => {
      told += 1;
    });
    gateway.images = () => ({ ...event });
    for (let time = 0; time < 3; time += 1) {
      images.failed(event, event.faceImage?.url ?? '');
      await vi.advanceTimersByTimeAsync(5_000);
    }
    expect([told, gateway.asked.length]).toEqual([0, 1]);
    expect(urlOf(images, event)).toBe(event.faceImage?.url);
    stop();
  });
});

test('events without pictures are never asked for', async () => {
  const event = { cursor: 'c1', faceImage: null, sceneImage: null, registeredImage: null };
  const stop = images.watch(event, () => {});
  await vi.advanceTimersByTimeAsync(10 * LIFE_MS);
  expect(gateway.asked).toEqual([]);
  stop();
});
