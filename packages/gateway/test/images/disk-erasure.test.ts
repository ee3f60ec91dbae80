import { mkdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pictureOf } from '@se5/core';
import { expect, it, vi } from 'vitest';
import type { ImageKey, ImageStore } from '../../src/images/image-store.ts';
import { ImageStoreError } from '../../src/images/image-store-error.ts';
import { imagesFolder, openImagesAt, originOf, pictureFiles } from '../support/image-stores.ts';

const face = (text: string) => pictureOf(Buffer.from(Buffer.from(text).toString('base64')));

function put(images: ImageStore, text: string, of = originOf()): ImageKey {
  const key = images.keyOf(`event of ${text}`, 'face');
  images.put(key, face(text), of);
  return key;
}

const EMPLOYEE = { kind: 'identity', identityId: 'employee' } as const;
const before = (time: number) => ({ kind: 'before', time }) as const;

it('an erasure is done when nothing is left that a crash has left without a name', async () => {
  await using folder = await imagesFolder();
  for (let shard = 0; shard < 64; shard += 1) {
    const path = join(folder.path, shard.toString(16).padStart(2, '0'));
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'a'.repeat(64)), 'a face that the index never knew');
  }
  await using images = await openImagesAt(folder.path);
  expect(await images.erase(EMPLOYEE)).toBe(0);
  expect(await pictureFiles(folder.path)).toEqual([]);
});

it('a picture that came while the clock was ahead goes when its time is over by the true one', async () => {
  await using folder = await imagesFolder();
  {
    await using images = await openImagesAt(folder.path);
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 86_400_000);
    put(images, 'of tomorrow');
    clock.mockRestore();
  }
  // What waited was written when the store was closed.
  expect(await pictureFiles(folder.path)).toHaveLength(1);
  await using _images = await openImagesAt(folder.path, { keepMs: 100 });
  await expect.poll(() => pictureFiles(folder.path)).toEqual([]);
});

it('an erasure does not wait until there is more to be written', async () => {
  await using folder = await imagesFolder();
  await using images = await openImagesAt(folder.path, { gatherMs: 3_600_000 });
  put(images, 'one');
  expect(await images.erase(EMPLOYEE)).toBe(1);
  expect(await images.delete([put(images, 'another')])).toBe(1);
  put(images, 'a third');
  expect(await images.erase(before(Date.now() + 1))).toBe(1);
});

it('deletes nothing whatever the folder is like', async () => {
  await using folder = await imagesFolder();
  await mkdir(join(folder.path, '..'), { recursive: true });
  await writeFile(folder.path, 'a file, where the folder should be');
  await using images = await openImagesAt(folder.path);
  expect(await images.delete([])).toBe(0);
});

it('what is no folder of pictures is not looked into', async () => {
  await using folder = await imagesFolder();
  await mkdir(folder.path, { recursive: true });
  await writeFile(join(folder.path, 'ab'), 'of somebody else');
  await using images = await openImagesAt(folder.path);
  put(images, 'a face');
  expect(await images.erase(EMPLOYEE)).toBe(1);
});

it('what a crash has left and could not be removed is looked for again by the next erasure', async () => {
  await using folder = await imagesFolder();
  // A folder is no file: it can't be removed like one.
  const orphan = join(folder.path, 'aa', 'a'.repeat(64));
  await mkdir(orphan, { recursive: true });
  await using images = await openImagesAt(folder.path);
  put(images, 'a face');
  await expect(images.erase(EMPLOYEE)).rejects.toBeInstanceOf(ImageStoreError);
  await rmdir(orphan);
  await writeFile(orphan, 'a face that the index never knew');
  put(images, 'another face');
  expect(await images.erase(EMPLOYEE)).toBe(1);
  expect(await pictureFiles(folder.path)).not.toContain(orphan);
});

it.each([
  ['a person', () => EMPLOYEE],
  ['all before a time', () => before(Date.now() + 1)],
])('erases %s but for files that can’t be removed, and says so', async (_, target) => {
  await using folder = await imagesFolder();
  await using images = await openImagesAt(folder.path);
  put(images, 'that stays');
  await expect.poll(() => images.figures.pictures).toBe(1);
  const [stuck = ''] = await pictureFiles(folder.path);
  await rm(stuck);
  await mkdir(stuck);
  for (let more = 0; more < 5; more += 1) put(images, `behind it ${more}`);
  const erased = target();
  for (let again = 0; again < 2; again += 1) {
    await expect(images.erase(erased)).rejects.toBeInstanceOf(ImageStoreError);
    expect(await pictureFiles(folder.path)).toEqual([]);
  }
  await rmdir(stuck);
  expect(await images.erase(erased)).toBe(1);
  expect(images.figures.pictures).toBe(0);
});
