import { hash, randomBytes } from 'node:crypto';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { pictureOf } from '@se5/core';
import { describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../../src/images/disk/index-schema.ts';
import type { ImageKey, ImageStore, PictureOrigin } from '../../src/images/image-store.ts';
import { KeyFile } from '../../src/privacy/key-file.ts';
import { Keyring } from '../../src/privacy/keyring.ts';
import { open } from '../../src/privacy/sealing.ts';
import {
  imagesFolder,
  keysBeside,
  openImagesAt,
  originOf,
  pictureFiles,
  ToldImages,
} from '../support/image-stores.ts';

const DAY_MS = 86_400_000;
const EMPLOYEE = { kind: 'identity', identityId: 'employee' } as const;
const another = (given: Parameters<typeof originOf>[0] = {}) =>
  originOf({ identityId: 'another', ...given });
const stranger = (identityId: string) => originOf({ identityId, personType: 'STRANGER' });

/** A JPEG as far as its first bytes say. */
const jpeg = (bytes = 900): Buffer =>
  Buffer.concat([Buffer.from('ffd8ffe000104a464946', 'hex'), randomBytes(bytes)]);

const picture = (bytes: Buffer) => pictureOf(Buffer.from(bytes.toString('base64')));

let events = 0;
function put(images: ImageStore, bytes = jpeg(), of: PictureOrigin = originOf()): ImageKey {
  events += 1;
  const key = images.keyOf(`event-${events}`, 'face');
  images.put(key, picture(bytes), of);
  return key;
}

const shown = async (images: ImageStore, key: string) => {
  const stored = await images.get(key);
  return stored && Buffer.from(stored.picture.base64.toString('latin1'), 'base64');
};

/** Closes the store once it has written all that was put. */
async function putInto(
  path: string,
  ...given: readonly (readonly [Buffer, PictureOrigin])[]
): Promise<ImageKey[]> {
  await using images = await openImagesAt(path);
  return given.map(([bytes, of]) => put(images, bytes, of));
}

async function allBytesIn(folder: string): Promise<Buffer> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = files
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name));
  return Buffer.concat(await Promise.all(paths.map((path) => readFile(path))));
}

/** A folder as the gateway of version 2 left it, with these pictures. */
async function olderFolder(
  path: string,
  pictures: readonly { readonly key: string; readonly bytes: Buffer; readonly at: number }[],
): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  using index = new DatabaseSync(join(path, 'index.db'));
  index.exec(`${MIGRATIONS.slice(0, 2).join('')}; PRAGMA user_version = 2`);
  for (const { key, bytes, at } of pictures) {
    const name = hash('sha256', bytes, 'hex');
    const file = join(path, name.slice(0, 2), name);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, bytes, { mode: 0o600 });
    index
      .prepare('INSERT OR IGNORE INTO picture (hash, bytes) VALUES (?, ?)')
      .run(name, bytes.length);
    index
      .prepare('INSERT INTO name SELECT ?, id, ?, ? FROM picture WHERE hash = ?')
      .run(key, at, 'box', name);
  }
}

const someKey = (): string => randomBytes(32).toString('base64url');

describe('a folder of sealed pictures', () => {
  it('holds nothing of a picture, or of its person, in clear', async () => {
    await using folder = await imagesFolder();
    const bytes = jpeg();
    const identityId = 'employee-4711';
    await putInto(
      folder.path,
      [bytes, originOf({ identityId })],
      [bytes, stranger('stranger-4712')],
    );
    const found = await allBytesIn(folder.path);
    for (let at = 0; at < bytes.length; at += 8) {
      expect(found.includes(bytes.subarray(at, at + 8))).toBe(false);
    }
    expect(found.includes('JFIF')).toBe(false);
    for (const each of [identityId, 'stranger-4712', hash('sha256', bytes, 'hex')]) {
      expect(found.includes(each)).toBe(false);
    }
    expect(found.includes(hash('sha256', bytes, 'buffer'))).toBe(false);
  });

  it('names a picture differently for each person and each day, and once for both', async () => {
    await using folder = await imagesFolder();
    const bytes = jpeg();
    const [may, june] = [Date.UTC(2026, 4, 1), Date.UTC(2026, 5, 1)];
    const on = (time: number) => ({ occurredAt: time, receivedAt: time });
    await putInto(
      folder.path,
      [bytes, originOf(on(may))],
      [bytes, originOf(on(may + 1))],
      [bytes, originOf(on(june))],
      [bytes, another(on(may))],
    );
    const names = (await pictureFiles(folder.path)).map((path) => basename(path));
    expect(new Set(names).size).toBe(3);
  });

  it('does not give away in a backup what was erased after it', async () => {
    await using folder = await imagesFolder();
    const copy = `${folder.path}.backup`;
    const [bytes, others] = [jpeg(), jpeg()];
    const [key = '', other = ''] = await putInto(
      folder.path,
      [bytes, originOf()],
      [others, another()],
    );
    await cp(folder.path, copy, { recursive: true });
    {
      await using images = await openImagesAt(folder.path);
      expect(await shown(images, key)).toEqual(bytes);
      expect(await images.erase(EMPLOYEE)).toBe(1);
    }
    using keyring = new Keyring(keysBeside(folder.path));
    using index = new DatabaseSync(join(copy, 'index.db'));
    const rows = index.prepare('SELECT hash, day_key, person FROM picture').all();
    const readable = rows.map(({ hash: name, day_key: day, person }) => {
      expect(existsIn(copy, String(name))).toBeTruthy();
      return keyring.openingKey({ day: Number(day), person: String(person) }) !== undefined;
    });
    expect(readable).toHaveLength(2);
    expect(readable.filter(Boolean)).toHaveLength(1);
    await using restored = await openImagesAt(copy);
    expect(await restored.isKept(key as ImageKey)).toBe(false);
    expect(await restored.get(key)).toBeUndefined();
    expect(await shown(restored, other)).toEqual(others);
    await expect.poll(() => restored.figures.pictures).toBe(1);
  });

  it('opens a picture with the keys of its day and its person alone', async () => {
    await using folder = await imagesFolder();
    const bytes = jpeg();
    await putInto(folder.path, [bytes, originOf()], [jpeg(), another()]);
    using keyring = new Keyring(keysBeside(folder.path));
    using index = new DatabaseSync(join(folder.path, 'index.db'));
    const rows = index.prepare('SELECT hash, day_key AS day, person FROM picture').all();
    let opened = 0;
    for (const { hash: name } of rows) {
      const sealed = await readFile(existsIn(folder.path, String(name)));
      for (const { day, person } of rows) {
        const key = keyring.openingKey({ day: Number(day), person: String(person) });
        try {
          if (key) open(key, sealed);
          opened += 1;
        } catch {
          // The key of somebody else.
        }
      }
    }
    expect(opened).toBe(2);
  });

  it('goes with another’s event what shows the same on that day, and stays on another day', async () => {
    await using folder = await imagesFolder();
    const bytes = jpeg();
    const now = Date.now();
    const [own = '', alike = '', later = '', unlike = ''] = await putInto(
      folder.path,
      [bytes, originOf()],
      [bytes, another()],
      [bytes, another({ occurredAt: now - DAY_MS })],
      [jpeg(), another()],
    );
    await using images = await openImagesAt(folder.path);
    expect(await images.erase(EMPLOYEE)).toBe(2);
    expect(await images.get(own)).toBeUndefined();
    expect(await images.get(alike)).toBeUndefined();
    expect(await shown(images, later)).toEqual(bytes);
    expect(await images.get(unlike)).toBeDefined();
  });

  it('erases a stranger by the number that a box gave, also after a restart', async () => {
    await using folder = await imagesFolder();
    const [seventh = '', eighth = '', unnumbered = ''] = await putInto(
      folder.path,
      [jpeg(), stranger('7')],
      [jpeg(), stranger('8')],
      [jpeg(), stranger('')],
    );
    await using images = await openImagesAt(folder.path);
    expect(await images.erase({ kind: 'identity', identityId: '7' })).toBe(1);
    expect(await images.get(seventh)).toBeUndefined();
    expect(await images.get(eighth)).toBeDefined();
    expect(await images.get(unnumbered)).toBeDefined();
  });

  it('erases what waits to be written', async () => {
    await using folder = await imagesFolder();
    await using images = await openImagesAt(folder.path, { gatherMs: 3_600_000 });
    const bytes = jpeg();
    const waiting = [put(images, bytes), put(images, bytes, another()), put(images)];
    const staying = put(images, jpeg(), another());
    expect(await images.erase(EMPLOYEE)).toBe(3);
    for (const key of waiting) {
      expect(await images.get(key)).toBeUndefined();
      expect(await images.isKept(key)).toBe(false);
    }
    await images[Symbol.asyncDispose]();
    expect(await pictureFiles(folder.path)).toHaveLength(1);
    await using again = await openImagesAt(folder.path);
    expect(await again.get(staying)).toBeDefined();
  });

  it('erases all that came before a moment of the erasure, and keeps all that came after it', async () => {
    await using folder = await imagesFolder();
    await using images = await openImagesAt(folder.path, { gatherMs: 0 });
    put(images);
    await expect.poll(() => images.figures.pictures).toBe(1);
    const state = { isErasing: true };
    const erasing = images.erase(EMPLOYEE).finally(() => {
      state.isErasing = false;
    });
    const keys: ImageKey[] = [];
    while (state.isErasing && keys.length < 5_000) {
      keys.push(put(images, jpeg(50)));
      await nextTurn();
    }
    await erasing;
    const there = await Promise.all(keys.map(async (key) => Boolean(await images.get(key))));
    const first = there.includes(true) ? there.indexOf(true) : there.length;
    expect(there.slice(first)).not.toContain(false);
  });

  it('erases many pictures while others are read', async () => {
    await using folder = await imagesFolder();
    const keys = await putInto(
      folder.path,
      ...Array.from(
        { length: 450 },
        (_, each) => [jpeg(50), each % 3 ? originOf() : another()] as const,
      ),
    );
    await using images = await openImagesAt(folder.path);
    const erasing = images.erase(EMPLOYEE);
    expect(await images.get(keys[0] ?? '')).toBeDefined();
    expect(await erasing).toBe(300);
    const kept = await Promise.all(keys.map(async (key) => images.isKept(key)));
    expect(kept.filter(Boolean)).toHaveLength(150);
    expect(images.figures.pictures).toBe(150);
  });

  it.each([
    ['a person', (keys: KeyFile) => keys.forgetPerson('employee', 0), 2],
    ['days', (keys: KeyFile) => keys.forgetDaysBefore(Infinity, 0), 3],
  ])(
    'loses what was sealed by the keys of %s, which were forgotten while it was closed',
    async (_, forget, gone) => {
      await using folder = await imagesFolder();
      const bytes = jpeg();
      await putInto(folder.path, [bytes, originOf()], [bytes, another()], [jpeg(), another()]);
      {
        using keys = new KeyFile(keysBeside(folder.path));
        forget(keys);
      }
      await using images = await openImagesAt(folder.path);
      await expect.poll(() => images.figures.pictures).toBe(3 - gone);
      expect(await pictureFiles(folder.path)).toHaveLength(3 - gone);
    },
  );

  it('shows nobody what another thread has forgotten the key of, and loses it', async () => {
    await using folder = await imagesFolder();
    const [key = '' as ImageKey] = await putInto(folder.path, [jpeg(), originOf()]);
    await using images = await openImagesAt(folder.path);
    expect(await images.isKept(key)).toBe(true);
    using keys = new KeyFile(keysBeside(folder.path));
    keys.forgetPerson('employee', 0);
    expect(await images.isKept(key)).toBe(false);
    expect(await images.get(key)).toBeUndefined();
    await expect.poll(() => images.figures.pictures).toBe(0);
    expect(await pictureFiles(folder.path)).toEqual([]);
  });

  it('lets go of keys that nothing needs any more, and of no others', async () => {
    await using folder = await imagesFolder();
    const old = Date.now() - 40 * DAY_MS;
    await using images = await openImagesAt(folder.path, { keysKeepMs: 30 * DAY_MS, keepMs: 1 });
    put(images, jpeg(), originOf({ occurredAt: old, receivedAt: old }));
    put(images, jpeg(), another());
    await images[Symbol.asyncDispose]();
    await using _again = await openImagesAt(folder.path, { keysKeepMs: 30 * DAY_MS });
    using keys = new KeyFile(keysBeside(folder.path));
    await expect.poll(() => keys.findPerson('employee')).toBe(undefined);
    expect(keys.findPerson('another')).toBeDefined();
  });
});

describe('the key file of a pictures’ folder', () => {
  const unusable = (message: RegExp) =>
    expect.objectContaining({
      name: 'ImageStoreError',
      code: 'KEYS_UNUSABLE',
      isFinal: true,
      message: expect.stringMatching(message),
    });

  it('is missed when it is gone, or another one’s, and the folder stays as it is', async () => {
    await using folder = await imagesFolder();
    const bytes = jpeg();
    const [key = ''] = await putInto(folder.path, [bytes, originOf()]);
    const elsewhere = join(dirname(folder.path), 'other-keys.db');
    await expect(openImagesAt(folder.path, { keys: elsewhere })).rejects.toEqual(
      unusable(/other-keys\.db is not there, and without it the pictures’ folder .* can’t be read/),
    );
    new KeyFile(elsewhere)[Symbol.dispose]();
    await expect(openImagesAt(folder.path, { keys: elsewhere })).rejects.toEqual(
      unusable(/was sealed with other keys than those in .*other-keys\.db/),
    );
    await using images = await openImagesAt(folder.path);
    expect(await shown(images, key)).toEqual(bytes);
  });

  it('is not taken for the index when it is damaged, so no picture goes', async () => {
    await using folder = await imagesFolder();
    const bytes = jpeg();
    const [key = ''] = await putInto(folder.path, [bytes, originOf()]);
    const keys = keysBeside(folder.path);
    const good = await readFile(keys);
    await writeFile(keys, randomBytes(good.length));
    await expect(openImagesAt(folder.path)).rejects.toEqual(unusable(/the key file .* is damaged/));
    await writeFile(keys, good);
    await using images = await openImagesAt(folder.path);
    expect(await shown(images, key)).toEqual(bytes);
  });

  it('is not taken for the index when it is damaged while the folder is open', async () => {
    await using folder = await imagesFolder();
    const told = new ToldImages();
    await using images = await openImagesAt(folder.path, { observer: told, retryMs: 1 });
    put(images);
    await expect.poll(() => images.figures.pictures).toBe(1);
    const keys = keysBeside(folder.path);
    const good = await readFile(keys);
    await writeFile(keys, randomBytes(good.length));
    put(images, jpeg(), another());
    await told.failed(2);
    expect(new Set(told.failures.map(({ code }) => code))).toEqual(new Set(['KEYS_UNUSABLE']));
    expect(await pictureFiles(folder.path)).toHaveLength(1);
    await writeFile(keys, good);
    await expect.poll(() => images.figures.pictures).toBe(2);
  });
});

describe('a folder of a gateway that wrote in clear', () => {
  it('is served, and says that it has pictures in clear, until they go', async () => {
    await using folder = await imagesFolder();
    const [bytes, others] = [jpeg(), jpeg()];
    const at = Date.now();
    const [key, same, other] = [someKey(), someKey(), someKey()];
    await olderFolder(folder.path, [
      { key, bytes, at },
      { key: same, bytes, at },
      { key: other, bytes: others, at },
    ]);
    await using images = await openImagesAt(folder.path);
    expect(await shown(images, key)).toEqual(bytes);
    expect(await images.hasClear()).toBe(true);
    const sealed = put(images, bytes);
    expect(await images.erase({ kind: 'identity', identityId: 'another' })).toBe(0);
    expect(await images.delete([key as ImageKey])).toBe(1);
    expect(await images.get(same)).toBeUndefined();
    expect(await shown(images, other)).toEqual(others);
    expect(await shown(images, sealed)).toEqual(bytes);
    expect(await images.hasClear()).toBe(true);
    expect(await images.delete([other as ImageKey])).toBe(1);
    expect(await images.hasClear()).toBe(false);
    expect(await pictureFiles(folder.path)).toHaveLength(1);
  });

  it('loses its pictures by age, and by an erasure up to a time', async () => {
    await using folder = await imagesFolder();
    const now = Date.now();
    const [old, early, late] = [someKey(), someKey(), someKey()];
    await olderFolder(folder.path, [
      { key: old, bytes: jpeg(), at: now - 2 * DAY_MS },
      { key: early, bytes: jpeg(), at: now - 2_000 },
      { key: late, bytes: jpeg(), at: now - 1_000 },
    ]);
    await using images = await openImagesAt(folder.path, { keepMs: DAY_MS });
    await expect.poll(() => images.figures.pictures).toBe(2);
    expect(await images.erase({ kind: 'before', time: now - 1_000 })).toBe(1);
    expect(await images.get(early)).toBeUndefined();
    expect(await images.get(late)).toBeDefined();
  });
});

const existsIn = (folder: string, name: string): string => join(folder, name.slice(0, 2), name);
