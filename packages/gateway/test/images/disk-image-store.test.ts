import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Picture, pictureOf } from '@se5/core';
import { describe, expect, it } from 'vitest';
import type { ImageKey, ImageStore } from '../../src/images/image-store.ts';
import { ImageStoreError } from '../../src/images/image-store-error.ts';
import {
  imagesFolder,
  openImagesAt,
  originOf,
  pictureFiles,
  ToldImages,
} from '../support/image-stores.ts';
import { drawing } from '../support/seed.ts';
import { until } from '../support/until.ts';

const CHILD = fileURLToPath(new URL('./fixtures/put-until-killed.ts', import.meta.url));

const someFace = (bytes = 900): Picture =>
  pictureOf(Buffer.from(randomBytes(bytes).toString('base64')));

function put(images: ImageStore, picture = someFace(), of = originOf()): ImageKey {
  const key = images.keyOf(`event-${Math.random()}`, 'face');
  images.put(key, picture, of);
  return key;
}

const EMPLOYEE = { kind: 'identity', identityId: 'employee' } as const;

const written = (images: ImageStore, pictures: number) =>
  expect.poll(() => images.figures.pictures).toBe(pictures);

const bitsOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

describe('the pictures’ folder', () => {
  it('holds a picture of a person once, until the last of its events has lost it', async () => {
    await using folder = await imagesFolder();
    await using images = await openImagesAt(folder.path);
    const portrait = someFace();
    const times = [1, 2, 3].map((hour) => Date.UTC(2026, 4, 1, hour));
    for (const at of times) {
      put(images, portrait, originOf({ occurredAt: at, receivedAt: at }));
    }
    put(images);
    await written(images, 2);
    expect(await pictureFiles(folder.path)).toHaveLength(2);
    const [, , last = 0] = times;
    expect(await images.erase({ kind: 'before', time: last })).toBe(0);
    expect(await pictureFiles(folder.path)).toHaveLength(2);
    expect(await images.erase({ kind: 'before', time: last + 1 })).toBe(1);
    expect(await pictureFiles(folder.path)).toHaveLength(1);
  });

  it('answers at once for what is being delivered, written or not, and asks no disk for nonsense', async () => {
    await using folder = await imagesFolder();
    await using images = await openImagesAt(folder.path);
    const key = put(images);
    await written(images, 1);
    expect(images.get(key)).toHaveProperty('picture');
    expect(images.isKept(key)).toBe(true);
    expect(images.get('../secret')).toBeUndefined();
  });

  it('knows a picture for as long as its file could not be removed, so that it can be erased again', async () => {
    await using folder = await imagesFolder();
    await using images = await openImagesAt(folder.path);
    put(images);
    await written(images, 1);
    const [file = ''] = await pictureFiles(folder.path);
    await rm(file);
    // A folder is no file: it can't be removed like one.
    await mkdir(file);
    await expect(images.erase(EMPLOYEE)).rejects.toBeInstanceOf(ImageStoreError);
    await rm(file, { recursive: true });
    expect(await images.erase(EMPLOYEE)).toBe(1);
  });

  it('lets others go although the file of the oldest can’t, and says so', async () => {
    await using folder = await imagesFolder();
    await using first = await openImagesAt(folder.path);
    put(first);
    await written(first, 1);
    const [file = ''] = await pictureFiles(folder.path);
    put(first);
    await first[Symbol.asyncDispose]();
    await rm(file);
    await mkdir(file);
    const told = new ToldImages();
    await using images = await openImagesAt(folder.path, { observer: told, keepMs: 1 });
    await until(() => told.cleaningFailures.length > 0);
    expect(images.figures.pictures).toBe(1);
    expect(await pictureFiles(folder.path)).toEqual([]);
    expect(told.cleaningFailures[0]?.message).toMatch(/^the pictures' folder .*images failed/);
  });

  it('keeps a picture that leaves one event and comes for another at the same time', async () => {
    await using folder = await imagesFolder();
    await using images = await openImagesAt(folder.path);
    const portrait = someFace();
    const moving = put(images, portrait);
    await written(images, 1);
    images.put(moving, someFace(), originOf());
    const coming = put(images, portrait);
    await images[Symbol.asyncDispose]();
    await using again = await openImagesAt(folder.path);
    expect((await again.get(coming))?.picture).toEqual(portrait);
  });

  it('is nobody else’s: folders 0700, files 0600', async () => {
    await using folder = await imagesFolder();
    await using images = await openImagesAt(folder.path);
    put(images);
    await written(images, 1);
    const [file = ''] = await pictureFiles(folder.path);
    for (const path of [folder.path, dirname(file), join(folder.path, 'tmp')]) {
      expect(await bitsOf(path)).toBe(0o700);
    }
    for (const path of [file, join(folder.path, 'index.db')]) {
      expect(await bitsOf(path)).toBe(0o600);
    }
  });

  it('loses what a crash has left half done, when it is opened', async () => {
    await using folder = await imagesFolder();
    await using first = await openImagesAt(folder.path);
    const key = put(first);
    await first[Symbol.asyncDispose]();
    const [known = ''] = await pictureFiles(folder.path);
    await writeFile(join(folder.path, 'tmp', '17'), 'half a pict');
    const orphan = join(dirname(known), 'a'.repeat(64));
    await writeFile(orphan, 'a picture that the index never knew');
    await using images = await openImagesAt(folder.path);
    expect(existsSync(join(folder.path, 'tmp', '17'))).toBe(false);
    await expect.poll(() => existsSync(orphan)).toBe(false);
    expect(await images.get(key)).toBeDefined();
  });

  it('does not show a picture that is not what was written', async () => {
    await using folder = await imagesFolder();
    await using first = await openImagesAt(folder.path);
    const key = put(first);
    await first[Symbol.asyncDispose]();
    const [file = ''] = await pictureFiles(folder.path);
    await truncate(file, 100);
    await using images = await openImagesAt(folder.path);
    expect(await images.get(key)).toBeUndefined();
    expect(await images.isKept(key)).toBe(false);
    expect(existsSync(file)).toBe(false);
  });

  it('begins anew when its index is damaged', async () => {
    await using folder = await imagesFolder();
    await using first = await openImagesAt(folder.path);
    const lost = put(first);
    await first[Symbol.asyncDispose]();
    await writeFile(join(folder.path, 'index.db'), randomBytes(8_192));
    const told = new ToldImages();
    await using images = await openImagesAt(folder.path, { observer: told, retryMs: 1 });
    expect(told.failures[0]?.code).toBe('DAMAGED');
    await expect.poll(() => told.recoveries).toBe(1);
    expect(await images.get(lost)).toBeUndefined();
    await expect.poll(() => pictureFiles(folder.path)).toEqual([]);
    put(images);
    await written(images, 1);
  });

  it('keeps its figures over a restart', async () => {
    await using folder = await imagesFolder();
    await using first = await openImagesAt(folder.path);
    put(first, someFace(500));
    put(first, someFace(400));
    await first[Symbol.asyncDispose]();
    await using images = await openImagesAt(folder.path);
    expect(images.figures).toEqual({ pictures: 2, bytes: 900, lost: 0 });
  });
});

describe('a folder that can’t be written', () => {
  /** A file where the folder should be: that stops the superuser too. */
  async function blocked() {
    const folder = await imagesFolder();
    await mkdir(dirname(folder.path), { recursive: true });
    await writeFile(folder.path, '');
    return folder;
  }

  it('lets pictures wait, and gets them once it can', async () => {
    await using folder = await blocked();
    const told = new ToldImages();
    await using images = await openImagesAt(folder.path, { observer: told, retryMs: 1 });
    const face = someFace();
    const key = put(images, face);
    await told.failed(2);
    expect(images.get(key)).toMatchObject({ picture: face });
    expect(images.isKept(key)).toBe(true);
    await rm(folder.path);
    await written(images, 1);
    expect(told).toMatchObject({ recoveries: 1, losses: 0 });
    await images[Symbol.asyncDispose]();
    await using again = await openImagesAt(folder.path);
    expect((await again.get(key))?.picture).toEqual(face);
  });

  it('loses what is too much to wait, and says so: the event goes on without an address', async () => {
    await using folder = await blocked();
    const told = new ToldImages();
    await using images = await openImagesAt(folder.path, {
      observer: told,
      retryMs: 1,
      maxWaitingBytes: 2_000,
    });
    const [first, second] = [put(images), put(images)];
    const last = put(images);
    expect(images.isKept(first)).toBe(false);
    expect(images.isKept(second)).toBe(false);
    expect(images.isKept(last)).toBe(true);
    // Who asked for it inline still gets it.
    expect(images.get(first)).toBeDefined();
    expect(images.figures.lost).toBe(2);
    expect(told.losses).toBe(2);
  });

  it('says why, without a word of what is in it', async () => {
    await using folder = await blocked();
    const told = new ToldImages();
    await using _images = await openImagesAt(folder.path, { observer: told });
    expect(told.failures[0]?.message).toMatch(/^the pictures' folder .*images (failed|can’t)/);
  });

  it('is found out while it runs, and comes back', async () => {
    await using folder = await imagesFolder();
    const told = new ToldImages();
    await using images = await openImagesAt(folder.path, { observer: told, retryMs: 1 });
    const before = put(images);
    await written(images, 1);
    await rename(folder.path, `${folder.path}.away`);
    await writeFile(folder.path, '');
    const during = put(images);
    await told.failed();
    await rm(folder.path);
    await rename(`${folder.path}.away`, folder.path);
    await written(images, 2);
    await images[Symbol.asyncDispose]();
    await using again = await openImagesAt(folder.path);
    expect(await again.get(before)).toBeDefined();
    expect(await again.get(during)).toBeDefined();
  });

  it('is told of at the end too, and ends an erasure', async () => {
    await using folder = await imagesFolder();
    const told = new ToldImages();
    await using images = await openImagesAt(folder.path, { observer: told });
    put(images);
    put(images, someFace(), originOf({ identityId: 'another' }));
    await rm(join(folder.path, 'tmp'), { recursive: true });
    const [erasing] = await Promise.allSettled([
      images.erase(EMPLOYEE),
      images[Symbol.asyncDispose](),
    ]);
    expect(erasing).toMatchObject({ status: 'rejected', reason: { name: 'ImageStoreError' } });
    expect(told).toMatchObject({ failures: [{ code: 'UNAVAILABLE' }], recoveries: 0, losses: 1 });
    expect(images.figures.lost).toBe(1);
  });

  it('can’t be erased from, which is no secret', async () => {
    await using folder = await blocked();
    await using images = await openImagesAt(folder.path);
    put(images);
    await expect(images.erase(EMPLOYEE)).rejects.toMatchObject({ name: 'ImageStoreError' });
  });
});

it('after kill -9 at any moment, each picture is there whole, or not at all', async () => {
  await using folder = await imagesFolder();
  const random = drawing();
  const said: string[] = [];
  for (let run = 0; run < 3; run += 1) {
    const args = ['--conditions=@se5/source', CHILD, folder.path];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const closed = once(child, 'close');
    const lines = said.length + 150 + 1 + random.below(300);
    for await (const line of createInterface(child.stdout)) {
      said.push(line);
      if (said.length === lines) child.kill('SIGKILL');
    }
    await closed;
  }
  await using images = await openImagesAt(folder.path);
  let whole = 0;
  for (const line of said) {
    const [key = '', base64 = '', end] = line.split(' ');
    // The kill may have cut the last one short.
    if (end !== '.') continue;
    const stored = await images.get(key);
    if (!stored) continue;
    expect(stored.picture.base64.toString()).toBe(base64);
    whole += 1;
  }
  expect(whole).toBeGreaterThan(said.length / 2);
  await expect
    .poll(async () => (await pictureFiles(folder.path)).length)
    .toBe(images.figures.pictures);
});
