import { existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pictureOf } from '@se5/core';
import { describe, expect, it } from 'vitest';
import type { ImageStore } from '../../src/images/image-store.ts';
import { startGateway } from '../support/gateways.ts';
import {
  imagesFolder,
  openImagesAt,
  originOf,
  pictureFiles,
  ToldImages,
} from '../support/image-stores.ts';

const failing = (code: string, message: string) =>
  expect.objectContaining({
    name: 'ImageStoreError',
    code,
    message: expect.stringContaining(message),
  });

async function put(images: ImageStore) {
  const before = images.figures.pictures;
  const key = images.keyOf(`event-${Math.random()}`, 'face');
  images.put(
    key,
    pictureOf(Buffer.from(Buffer.from(`a face ${key}`).toString('base64'))),
    originOf(),
  );
  await expect.poll(() => images.figures.pictures).toBe(before + 1);
  return key;
}

describe('the pictures’ folder', () => {
  it('belongs to one gateway at a time: a second one touches nothing, and it is free again afterwards', async () => {
    await using folder = await imagesFolder();
    const draft = join(folder.path, 'tmp', '17');
    {
      await using first = await openImagesAt(folder.path);
      const key = await put(first);
      await writeFile(draft, 'half a picture');
      const told = new ToldImages();
      await expect(openImagesAt(folder.path, { observer: told })).rejects.toEqual(
        failing('IN_USE', `${folder.path} is in use by another gateway; stop that one`),
      );
      // It is final: nobody tries again behind our back.
      expect(told.failures).toEqual([]);
      expect(existsSync(draft)).toBe(true);
      expect(await first.get(key)).toBeDefined();
      await put(first);
    }
    await using images = await openImagesAt(folder.path);
    expect(images.figures.pictures).toBe(2);
  });

  it('keeps a gateway with another journal from starting', async () => {
    await using folder = await imagesFolder();
    const withKeys = (keys: string) => ({
      images: { path: folder.path },
      privacy: { keys: join(dirname(folder.path), keys) },
    });
    await using _first = await startGateway({ config: withKeys('keys.db') });
    await expect(startGateway({ config: withKeys('others.db') })).rejects.toEqual(
      failing('IN_USE', folder.path),
    );
  });

  it('is refused when a newer gateway wrote it, and left as it is', async () => {
    await using folder = await imagesFolder();
    {
      await using images = await openImagesAt(folder.path);
      await put(images);
    }
    const draft = join(folder.path, 'tmp', '17');
    await writeFile(draft, 'half a picture');
    {
      using index = new DatabaseSync(join(folder.path, 'index.db'));
      index.exec('PRAGMA user_version = 1000');
    }
    await expect(openImagesAt(folder.path)).rejects.toEqual(
      failing(
        'NEWER_VERSION',
        `${folder.path} was written by a newer gateway (version 1000, this one knows 3); run that one`,
      ),
    );
    expect(existsSync(draft)).toBe(true);
    expect(await pictureFiles(folder.path)).toHaveLength(1);
  });

  it('that another gateway has taken while it was away is told of, and taken back when it is free', async () => {
    await using folder = await imagesFolder();
    const told = new ToldImages();
    await using images = await openImagesAt(folder.path, { observer: told, retryMs: 1 });
    await put(images);
    await rename(folder.path, `${folder.path}.away`);
    await writeFile(folder.path, '');
    const key = images.keyOf('event', 'face');
    images.put(key, pictureOf(Buffer.from('YSBmYWNl')), originOf());
    await told.failed();
    {
      await using other = await openImagesAt(`${folder.path}.away`);
      await rename(folder.path, `${folder.path}.file`);
      await rename(`${folder.path}.away`, folder.path);
      const before = told.failures.length;
      await told.failed(before + 2);
      expect(told.failures.at(-1)?.code).toBe('IN_USE');
      expect(other.figures.pictures).toBe(1);
    }
    await expect.poll(() => images.figures.pictures).toBe(2);
    expect(told.recoveries).toBe(1);
  });
});
