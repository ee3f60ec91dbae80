import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pictureOf } from '@se5/core';
import { expect, it, vi } from 'vitest';
import { imagesFolder, openImagesAt, pictureFiles } from '../support/image-stores.ts';

const face = (text: string) => pictureOf(Buffer.from(Buffer.from(text).toString('base64')));

it('an erasure is done when nothing is left that a crash has left without a name', async () => {
  await using folder = await imagesFolder();
  for (let shard = 0; shard < 64; shard += 1) {
    const path = join(folder.path, shard.toString(16).padStart(2, '0'));
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'a'.repeat(64)), 'a face that the index never knew');
  }
  await using images = await openImagesAt(folder.path);
  expect(await images.erase([])).toBe(0);
  expect(await pictureFiles(folder.path)).toEqual([]);
});

it('what was put at the very time that all before is released stays', async () => {
  await using folder = await imagesFolder();
  await using images = await openImagesAt(folder.path);
  const clock = vi.spyOn(Date, 'now');
  const time = Date.now();
  const keys = [time - 1, time].map((at) => {
    clock.mockReturnValue(at);
    const key = images.keyOf(`event at ${at}`, 'face');
    images.put(key, face(`at ${at}`));
    return key;
  });
  clock.mockRestore();
  expect(await images.releaseBefore(time)).toBe(1);
  const [earlier, later] = keys;
  expect(await images.get(earlier ?? '')).toBeUndefined();
  expect(await images.get(later ?? '')).toBeDefined();
});

it('a picture that came while the clock was ahead goes when its time is over by the true one', async () => {
  await using folder = await imagesFolder();
  await using images = await openImagesAt(folder.path, { keepMs: 100 });
  const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 86_400_000);
  images.put(images.keyOf('event', 'face'), face('of tomorrow'));
  clock.mockRestore();
  await expect.poll(() => pictureFiles(folder.path)).toHaveLength(1);
  await expect.poll(() => pictureFiles(folder.path), { timeout: 10_000 }).toEqual([]);
});
