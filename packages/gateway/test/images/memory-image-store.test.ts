import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ImageKey } from '../../src/images/image-store.ts';
import {
  createMemoryImageStore,
  type MemoryImageStore,
  type MemoryImageStoreOptions,
} from '../../src/images/memory-image-store.ts';
import { originOf } from '../support/image-stores.ts';
import { picture } from '../support/recognitions.ts';

const store = (given: Partial<MemoryImageStoreOptions> = {}): MemoryImageStore =>
  createMemoryImageStore({ capture: 'on-demand', keepMs: 60_000, maxBytes: 1_000, ...given });

/** Puts a picture of so many bytes of base64 under a new key. */
function put(images: MemoryImageStore, bytes: number): ImageKey {
  const key = images.keyOf(`event-${Math.random()}`, 'face');
  images.put(key, picture('A'.repeat(bytes)), originOf());
  return key;
}

describe('the image store in memory', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  it('drops the oldest pictures when there are too many bytes, and no others', async () => {
    await using images = store({ maxBytes: 1_000 });
    const keys = [400, 400, 200, 300].map((bytes) => put(images, bytes));
    expect(keys.map((key) => images.get(key)?.picture.base64.length)).toEqual([
      undefined,
      400,
      200,
      300,
    ]);
  });

  it('does not drop others for a picture that alone is too large', async () => {
    await using images = store({ maxBytes: 1_000 });
    const key = put(images, 400);
    const tooLarge = put(images, 1_001);
    expect(images.get(key)).toBeDefined();
    expect(images.get(tooLarge)).toBeUndefined();
  });

  it('counts a picture that is put again once, and as the newest', async () => {
    await using images = store({ maxBytes: 1_000 });
    const [first, second] = [put(images, 400), put(images, 400)];
    images.put(first, picture('A'.repeat(500)), originOf());
    const third = put(images, 500);
    expect([first, second, third].map((key) => images.get(key) !== undefined)).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('keeps a picture as long as it says, and not a millisecond more', async () => {
    await using images = store({ keepMs: 60_000 });
    const now = Date.now();
    const key = put(images, 100);
    expect(images.get(key)?.expiresAt).toBe(now + 60_000);
    vi.advanceTimersByTime(59_999);
    expect(images.isKept(key)).toBe(true);
    // The clock alone, without the sweep.
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 1);
    expect(images.get(key)).toBeUndefined();
    expect(images.isKept(key)).toBe(false);
  });

  it('keeps a picture neither longer nor shorter when somebody sets the clock', async () => {
    const now = Date.now();
    vi.setSystemTime(now + 86_400_000);
    await using images = store({ keepMs: 60_000 });
    const key = put(images, 100);
    vi.setSystemTime(now);
    vi.advanceTimersByTime(60_000);
    expect(images.get(key)).toBeUndefined();
    expect(images.figures.pictures).toBe(0);
    const later = put(images, 100);
    vi.setSystemTime(now + 86_400_000);
    expect(images.get(later)).toBeDefined();
  });

  it('lets pictures go when their time is up although nothing more happens, with one timer', async () => {
    await using images = store({ keepMs: 60_000, maxBytes: 1_000 });
    put(images, 400);
    vi.advanceTimersByTime(30_000);
    put(images, 400);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(30_000);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(30_000);
    expect(vi.getTimerCount()).toBe(0);
    // The bytes are free again.
    const keys = [put(images, 500), put(images, 500)];
    expect(keys.every((key) => images.get(key))).toBe(true);
  });

  it('keeps pictures for longer than a timer can wait', async () => {
    const sixtyDays = 60 * 86_400_000;
    await using images = store({ keepMs: sixtyDays });
    const key = put(images, 100);
    vi.advanceTimersByTime(sixtyDays - 1);
    expect(images.get(key)).toBeDefined();
    vi.advanceTimersByTime(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives no address when nothing is to be kept, and holds pictures for seconds only', async () => {
    await using images = store({ capture: 'never', keepMs: 3_600_000 });
    const key = put(images, 100);
    expect(images.get(key)).toBeDefined();
    expect(images.isKept(key)).toBe(false);
    vi.advanceTimersByTime(10_000);
    expect(images.get(key)).toBeUndefined();
  });

  it('leaves no timer and no picture behind', async () => {
    const images = store();
    const key = put(images, 100);
    await images[Symbol.asyncDispose]();
    expect(vi.getTimerCount()).toBe(0);
    expect(images.get(key)).toBeUndefined();
  });
});
