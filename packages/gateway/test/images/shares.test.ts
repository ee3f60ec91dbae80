import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pictureOf } from '@se5/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../../src/images/disk/index-schema.ts';
import { PictureIndex, type PutPicture } from '../../src/images/disk/picture-index.ts';
import { createMemoryImageStore } from '../../src/images/memory-image-store.ts';
import { imagesFolder, originOf } from '../support/image-stores.ts';

const removeFiles = () => {};

async function indexPath(folder: { readonly path: string }): Promise<string> {
  await mkdir(folder.path, { recursive: true });
  return join(folder.path, 'index.db');
}

let made = 0;
const named = (owner: string, bytes = 100, given: Partial<PutPicture> = {}): PutPicture => {
  made += 1;
  return {
    key: `key-${made}`,
    owner,
    hash: `hash-${made}`,
    at: made,
    since: made,
    bytes,
    seal: { day: 1, person: '', stranger: '', content: given.hash ?? `hash-${made}` },
    ...given,
  };
};
const many = (count: number, owner: string) => Array.from({ length: count }, () => named(owner));

const shrinkTo = (index: PictureIndex, maxBytes: number): void => {
  while (index.removeOldest(0, maxBytes, []).keys.length > 0);
};
const kept = (index: PictureIndex, entries: readonly PutPicture[]) =>
  entries.filter(({ key }) => index.find(key)).length;

describe('pictures beyond what may be kept', () => {
  it('go from the box that has the most, its oldest first', async () => {
    await using folder = await imagesFolder();
    using index = new PictureIndex(await indexPath(folder), false, { removeFiles });
    const quiet = many(20, 'quiet');
    const flood = many(200, 'flood');
    index.put([...quiet, ...flood]);
    shrinkTo(index, 10_000);
    expect(index.bytes).toBe(10_000);
    expect(kept(index, quiet)).toBe(20);
    expect(kept(index, flood.slice(-80))).toBe(80);
  });

  it('go by the shares of the boxes, after another opening too', async () => {
    await using folder = await imagesFolder();
    const path = await indexPath(folder);
    const [large, small] = [many(100, 'large'), many(100, 'small')];
    {
      using index = new PictureIndex(path, false, { removeFiles });
      index.put([...large, ...small]);
    }
    using index = new PictureIndex(path, false, { removeFiles, shares: new Map([['large', 3]]) });
    shrinkTo(index, 10_000);
    expect(kept(index, large)).toBe(75);
    expect(kept(index, small)).toBe(25);
  });

  it('count once for a box, however many of its events show them', async () => {
    await using folder = await imagesFolder();
    using index = new PictureIndex(await indexPath(folder), false, { removeFiles });
    const portrait = { hash: 'portrait', bytes: 100 };
    const quiet = Array.from({ length: 50 }, () => named('quiet', 100, portrait));
    const flood = many(20, 'flood');
    index.put([...quiet, ...flood]);
    shrinkTo(index, 1_000);
    expect(kept(index, quiet)).toBe(50);
    expect(kept(index, flood)).toBe(9);
  });

  it('make room whatever names come, change their picture and go', async () => {
    const owner = fc.constantFrom('a', 'b', 'c');
    const entry = fc.record({ owner, key: fc.nat(8), hash: fc.nat(8), go: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 60 }), fc.nat(800), async (entries, most) => {
        await using folder = await imagesFolder();
        using index = new PictureIndex(await indexPath(folder), false, { removeFiles });
        for (const { owner, key, hash, go } of entries) {
          if (go && hash % 2 === 0) index.removePicture(`hash-${hash}`);
          else if (go) index.removeShown([`key-${key}`]);
          else {
            const seal = { day: 1, person: '', stranger: '', content: `content-${hash % 5}` };
            index.put([named(owner, 100, { key: `key-${key}`, hash: `hash-${hash}`, seal })]);
          }
        }
        const before = index.bytes;
        shrinkTo(index, most);
        expect(index.bytes).toBe(Math.min(before, Math.floor(most / 100) * 100));
        shrinkTo(index, 0);
        expect([index.bytes, index.pictures]).toEqual([0, 0]);
      }),
      { numRuns: 20 },
    );
  });

  it('go first where an older gateway put them', async () => {
    await using folder = await imagesFolder();
    const path = await indexPath(folder);
    const old = many(50, '');
    {
      using database = new DatabaseSync(path);
      database.exec(`${MIGRATIONS[0]}; PRAGMA user_version = 1`);
      const addPicture = database.prepare('INSERT INTO picture VALUES (?, ?, ?)');
      const addName = database.prepare('INSERT INTO name VALUES (?, ?, ?)');
      for (const { key, hash, at, bytes } of old) {
        addPicture.run(at, hash, bytes);
        addName.run(key, at, at);
      }
    }
    using index = new PictureIndex(path, false, { removeFiles });
    const fresh = many(40, 'a');
    index.put(fresh);
    shrinkTo(index, 8_000);
    expect(kept(index, fresh)).toBe(40);
    expect(kept(index, old)).toBe(40);
  });

  it('go from the box that has the most in memory, too', async () => {
    await using images = createMemoryImageStore({
      capture: 'always',
      keepMs: 86_400_000,
      maxBytes: 12_000,
    });
    const put = (owner: string) => {
      const key = images.keyOf(`event-${Math.random()}`, 'face');
      images.put(
        key,
        pictureOf(Buffer.from(randomBytes(90).toString('base64'))),
        originOf({ owner }),
      );
      return key;
    };
    const quiet = Array.from({ length: 10 }, () => put('quiet'));
    const flood = Array.from({ length: 500 }, () => put('flood'));
    expect(quiet.filter((key) => images.get(key))).toHaveLength(10);
    expect(flood.findLastIndex((key) => !images.get(key))).toBe(409);
    expect(images.figures.bytes).toBe(12_000);
  });
});
