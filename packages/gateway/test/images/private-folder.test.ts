import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pictureOf } from '@se5/core';
import { describe, expect, it } from 'vitest';
import { imageKeyOf } from '../../src/images/image-keys.ts';
import type { ImageStore } from '../../src/images/image-store.ts';
import { imagesFolder, openImagesAt, originOf, ToldImages } from '../support/image-stores.ts';
import { TestClock } from '../support/test-clock.ts';
import { until } from '../support/until.ts';

const DAY_MS = 86_400_000;

const pictureOfEvent = (eventId: string) =>
  pictureOf(Buffer.from(Buffer.from(`a face of ${eventId}`).toString('base64')));

async function put(images: ImageStore, eventId = 'event') {
  const before = images.figures.pictures;
  const key = images.keyOf(eventId, 'face');
  images.put(key, pictureOfEvent(eventId), originOf());
  await until(() => images.figures.pictures > before);
  return key;
}

async function exposedIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const paths = [folder, ...names.map((name) => join(folder, name))];
  const modes = await Promise.all(paths.map(async (path) => (await stat(path)).mode));
  return paths.filter((_, index) => ((modes[index] ?? 0) & 0o077) !== 0);
}

async function openToOthers(folder: string): Promise<void> {
  for (const name of await readdir(folder, { recursive: true })) {
    const path = join(folder, name);
    await chmod(path, (await stat(path)).isDirectory() ? 0o755 : 0o644);
  }
  await chmod(folder, 0o755);
}

describe('the pictures’ folder', () => {
  it('is closed to other users when a backup was restored with wider rights, and that is told', async () => {
    await using folder = await imagesFolder();
    {
      await using images = await openImagesAt(folder.path);
      await put(images);
    }
    await openToOthers(folder.path);
    const observer = new ToldImages();
    await using images = await openImagesAt(folder.path, { observer });
    expect(observer.exposedPaths).toEqual(
      expect.arrayContaining([folder.path, join(folder.path, 'index.db')]),
    );
    // Erasing waits until every file has been looked at.
    await images.erase({ kind: 'identity', identityId: 'another' });
    expect(await exposedIn(folder.path)).toEqual([]);
  });

  it('has keys that only the key file explains, the same after a restart', async () => {
    await using folder = await imagesFolder();
    // As an older gateway kept it: whoever had it could guess the keys of an event's pictures.
    await mkdir(folder.path, { recursive: true });
    await writeFile(join(folder.path, 'secret'), 'A'.repeat(43));
    let key: string;
    {
      await using images = await openImagesAt(folder.path);
      key = images.keyOf('event', 'face');
      expect(key).not.toBe(imageKeyOf('A'.repeat(43), 'event', 'face'));
    }
    expect(await readdir(folder.path)).not.toContain('secret');
    await using images = await openImagesAt(folder.path);
    expect(images.keyOf('event', 'face')).toBe(key);
  });

  it('keeps its pictures while the machine’s clock is 25 hours ahead, and says so', async () => {
    await using folder = await imagesFolder();
    const observer = new ToldImages();
    const clock = new TestClock();
    await using images = await openImagesAt(folder.path, { observer, clock, keepMs: DAY_MS });
    await put(images);
    clock.jump(25 * 3_600_000);
    // The round that tells of the step has cleaned by the time before it.
    await until(() => observer.distrusted.length > 0);
    await put(images, 'another event');
    expect(images.figures.pictures).toBe(2);
    clock.pass(3_600_000);
    await until(() => images.figures.pictures === 0);
  });
});
