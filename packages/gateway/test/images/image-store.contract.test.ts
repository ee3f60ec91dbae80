import { randomBytes } from 'node:crypto';
import { type Picture, pictureOf } from '@se5/core';
import { describe, expect, it } from 'vitest';
import type { ImageKey, ImageStore } from '../../src/images/image-store.ts';
import { createMemoryImageStore } from '../../src/images/memory-image-store.ts';
import { imagesFolder, openImagesAt } from '../support/image-stores.ts';

interface Limits {
  readonly keepMs?: number;
  readonly maxBytes?: number;
}

interface HeldStore extends AsyncDisposable {
  readonly images: ImageStore;
  /** Settles when nothing is in memory that need not be; a new one where that takes a restart. */
  settle(): Promise<ImageStore>;
}

async function holdMemory(limits: Limits): Promise<HeldStore> {
  const images = createMemoryImageStore({
    capture: 'on-demand',
    keepMs: 86_400_000,
    maxBytes: 2 ** 24,
    ...limits,
  });
  return {
    images,
    settle: async () => images,
    [Symbol.asyncDispose]: () => images[Symbol.asyncDispose](),
  };
}

async function holdDisk(limits: Limits): Promise<HeldStore> {
  const folder = await imagesFolder();
  let images = await openImagesAt(folder.path, limits);
  return {
    images,
    async settle() {
      await images[Symbol.asyncDispose]();
      images = await openImagesAt(folder.path, limits);
      return images;
    },
    async [Symbol.asyncDispose]() {
      await images[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Of so many bytes, like no other. */
const someFace = (bytes = 900): Picture =>
  pictureOf(Buffer.from(randomBytes(bytes).toString('base64')));

function put(images: ImageStore, picture = someFace()): { key: ImageKey; picture: Picture } {
  const key = images.keyOf(`event-${Math.random()}`, 'face');
  images.put(key, picture);
  return { key, picture };
}

/** As it is, and with nothing in memory. */
async function* nowAndSettled(held: HeldStore) {
  yield held.images;
  yield await held.settle();
}

const shownAs = async (images: ImageStore, key: string) =>
  (await images.get(key))?.picture.base64.toString();

describe.each([
  ['in memory', holdMemory],
  ['on disk', holdDisk],
])('an image store %s', (_, hold) => {
  it('gives back a picture at once, and still when it has left memory', async () => {
    await using held = await hold({});
    const began = Date.now();
    const { key, picture } = put(held.images);
    expect(held.images.get(key)).toMatchObject({ picture });
    const images = await held.settle();
    const stored = await images.get(key);
    expect(stored?.picture).toEqual(picture);
    expect(stored?.expiresAt).toBeGreaterThan(began);
    expect(await images.get('anything else')).toBeUndefined();
  });

  it('says at once that a picture is kept, and still when it has left memory', async () => {
    await using held = await hold({});
    const { key } = put(held.images);
    expect(held.images.isKept(key)).toBe(true);
    const images = await held.settle();
    expect(await images.isKept(key)).toBe(true);
    expect(await images.isKept(images.keyOf('never', 'put'))).toBe(false);
  });

  it('makes keys of 256 bits that differ by event, by slot and by store', async () => {
    await using held = await hold({});
    await using other = await hold({});
    const images = await held.settle();
    const keys = [
      images.keyOf('1', 'face'),
      images.keyOf('2', 'face'),
      images.keyOf('1', 'scene'),
      other.images.keyOf('1', 'face'),
    ];
    expect(new Set(keys).size).toBe(4);
    expect(keys.every((key) => /^[A-Za-z0-9_-]{43}$/.test(key))).toBe(true);
    expect(held.images.keyOf('1', 'face')).toBe(keys[0]);
  });

  it('lets the oldest pictures go when there are too many bytes', async () => {
    await using held = await hold({ maxBytes: 3_000 });
    const all = Array.from({ length: 6 }, () => put(held.images));
    const images = await held.settle();
    await expect.poll(() => images.figures.bytes).toBeLessThanOrEqual(3_000);
    const kept = await Promise.all(all.map(async ({ key }) => Boolean(await images.get(key))));
    expect(kept.slice(0, 3)).toEqual([false, false, false]);
    expect(kept.at(-1)).toBe(true);
    // None is gone that came after one that is there.
    expect(kept.slice(kept.indexOf(true))).not.toContain(false);
  });

  it('keeps a picture no longer than it says', async () => {
    await using held = await hold({ keepMs: 50 });
    const { key } = put(held.images);
    const images = await held.settle();
    await expect.poll(async () => images.get(key)).toBeUndefined();
    expect(await images.isKept(key)).toBe(false);
    await expect.poll(() => images.figures.pictures).toBe(0);
  });

  it('erases a picture under all its keys, and no other', async () => {
    await using held = await hold({});
    const portrait = someFace();
    const [one, other, stranger] = [
      put(held.images, portrait),
      put(held.images, portrait),
      put(held.images),
    ];
    await held.images.erase([one.key]);
    for await (const images of nowAndSettled(held)) {
      expect(await images.get(one.key)).toBeUndefined();
      expect(await images.get(other.key)).toBeUndefined();
      expect(await images.isKept(other.key)).toBe(false);
      expect(await shownAs(images, stranger.key)).toBe(stranger.picture.base64.toString());
    }
  });

  it('releases a picture for its key alone', async () => {
    await using held = await hold({});
    const portrait = someFace();
    const [one, other] = [put(held.images, portrait), put(held.images, portrait)];
    await held.images.release([one.key]);
    for await (const images of nowAndSettled(held)) {
      expect(await images.get(one.key)).toBeUndefined();
      expect(await shownAs(images, other.key)).toBe(portrait.base64.toString());
    }
  });

  it('releases what was put before a time', async () => {
    await using held = await hold({});
    const old = put(held.images);
    const time = Date.now() + 1;
    // clock: the next picture is to be younger; the clock's going on is the event.
    await expect.poll(() => Date.now()).toBeGreaterThan(time);
    const young = put(held.images);
    await held.images.releaseBefore(time);
    for await (const images of nowAndSettled(held)) {
      expect(await images.get(old.key)).toBeUndefined();
      expect(await images.get(young.key)).toBeDefined();
    }
  });
});
