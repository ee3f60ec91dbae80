import { randomBytes } from 'node:crypto';
import { type Picture, pictureOf } from '@se5/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ImageKey, ImageStore } from '../../src/images/image-store.ts';
import { createMemoryImageStore } from '../../src/images/memory-image-store.ts';
import { imagesFolder, openImagesAt, originOf } from '../support/image-stores.ts';

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
    get images() {
      return images;
    },
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

function put(
  images: ImageStore,
  picture = someFace(),
  of = originOf(),
): { key: ImageKey; picture: Picture } {
  const key = images.keyOf(`event-${Math.random()}`, 'face');
  images.put(key, picture, of);
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

  it('erases a person, whatever shows the same, and nothing else', async () => {
    await using held = await hold({});
    const portrait = someFace();
    const another = originOf({ identityId: 'another' });
    const [own, alike, other] = [
      put(held.images, portrait),
      put(held.images, portrait, another),
      put(held.images, someFace(), another),
    ];
    expect(await held.images.erase({ kind: 'identity', identityId: 'employee' })).toBe(2);
    for await (const images of nowAndSettled(held)) {
      for (const { key } of [own, alike]) {
        expect(await images.get(key)).toBeUndefined();
        expect(await images.isKept(key)).toBe(false);
      }
      expect(await shownAs(images, other.key)).toBe(other.picture.base64.toString());
    }
  });

  it('erases a stranger by the number that a box gave', async () => {
    await using held = await hold({});
    const stranger = (identityId: string) => originOf({ identityId, personType: 'STRANGER' });
    const [seventh, eighth, unnumbered] = ['7', '8', ''].map((number) =>
      put(held.images, someFace(), stranger(number)),
    );
    expect(await held.images.erase({ kind: 'identity', identityId: '7' })).toBe(1);
    for await (const images of nowAndSettled(held)) {
      expect(await images.get(seventh?.key ?? '')).toBeUndefined();
      expect(await images.get(eighth?.key ?? '')).toBeDefined();
      expect(await images.get(unnumbered?.key ?? '')).toBeDefined();
    }
  });

  it('keeps a person who comes again after an erasure', async () => {
    await using held = await hold({});
    const target = { kind: 'identity', identityId: 'employee' } as const;
    const portrait = someFace();
    const before = put(held.images, portrait);
    await held.images.erase(target);
    const after = put(held.images, portrait);
    for await (const images of nowAndSettled(held)) {
      expect(await images.get(before.key)).toBeUndefined();
      expect(await shownAs(images, after.key)).toBe(portrait.base64.toString());
    }
  });

  it('erases what was put before a time, whatever the times of its event', async () => {
    await using held = await hold({});
    const tomorrow = Date.now() + 86_400_000;
    const ahead = originOf({ occurredAt: tomorrow, receivedAt: tomorrow });
    const old = put(held.images, someFace(), ahead);
    const time = Date.now() + 1;
    // clock: the next picture is to be younger; the clock's going on is the event.
    await expect.poll(() => Date.now()).toBeGreaterThan(time);
    const young = put(held.images);
    expect(await held.images.erase({ kind: 'before', time })).toBe(1);
    for await (const images of nowAndSettled(held)) {
      expect(await images.get(old.key)).toBeUndefined();
      expect(await images.get(young.key)).toBeDefined();
    }
  });

  it('erases what is of an event before a time, to the millisecond', async () => {
    await using held = await hold({});
    const noon = Date.UTC(2026, 4, 1, 12);
    const at = (occurredAt: number, receivedAt = occurredAt) =>
      put(held.images, someFace(), originOf({ occurredAt, receivedAt }));
    const gone = [
      at(noon - 1),
      at(noon - 86_400_000),
      at(noon - 1, noon + 9),
      at(noon + 9, noon - 1),
    ];
    const staying = [at(noon), at(noon + 86_400_000)];
    expect(await held.images.erase({ kind: 'before', time: noon })).toBe(4);
    for await (const images of nowAndSettled(held)) {
      for (const { key } of gone) expect(await images.get(key)).toBeUndefined();
      for (const { key } of staying) expect(await images.get(key)).toBeDefined();
    }
  });

  it('deletes a picture under all its keys, and no other', async () => {
    await using held = await hold({});
    const portrait = someFace();
    const [one, other, stranger] = [
      put(held.images, portrait),
      put(held.images, portrait),
      put(held.images),
    ];
    await held.images.delete([one.key]);
    for await (const images of nowAndSettled(held)) {
      expect(await images.get(one.key)).toBeUndefined();
      expect(await images.get(other.key)).toBeUndefined();
      expect(await images.isKept(other.key)).toBe(false);
      expect(await shownAs(images, stranger.key)).toBe(stranger.picture.base64.toString());
    }
  });

  it('has nothing in clear', async () => {
    await using held = await hold({});
    put(held.images);
    for await (const images of nowAndSettled(held)) expect(await images.hasClear()).toBe(false);
  });

  it('gives back whatever was put, byte for byte', async () => {
    await using held = await hold({});
    const time = fc.integer({ min: 0, max: Date.UTC(2100) });
    const subject = fc.record({
      identityId: fc.constantFrom('', '7', 'an employee', 'another'),
      personType: fc.constantFrom('UNKNOWN', 'EMPLOYEE', 'STRANGER'),
      occurredAt: time,
      receivedAt: time,
    });
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 3_000 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(bytes, subject), { minLength: 1, maxLength: 20 }),
        async (given) => {
          const pictures = given.map(([each, of]) => {
            const base64 = Buffer.from(Buffer.from(each).toString('base64'));
            return put(held.images, pictureOf(base64), originOf(of));
          });
          const images = await held.settle();
          for (const { key, picture } of pictures) {
            expect((await images.get(key))?.picture).toEqual(picture);
          }
        },
      ),
      { numRuns: 15 },
    );
  });
});
