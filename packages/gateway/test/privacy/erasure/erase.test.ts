import { expect, it } from 'vitest';
import { createMemoryJournal } from '../../../src/journal/memory-journal.ts';
import { type ErasureServices, erase } from '../../../src/privacy/erasure/erase.ts';
import { appendAll, entry } from '../../support/journals.ts';

const ID = 'person-7f3a';
const target = { kind: 'identity', identityId: ID } as const;
const refuse = () => Promise.reject(new Error('the disk is gone'));

const face = (key: string) => ({
  face: { key, byteLength: 3, contentType: 'image/jpeg' } as never,
});

it('drops what was made of events, and erases in the one store, also when the other fails', async () => {
  const journal = createMemoryJournal();
  await appendAll(journal, [entry({ identityId: ID })]);
  const images = { erase: refuse, hasClear: async () => false, delete: refuse };
  let forgotten = 0;
  const forget = () => {
    forgotten += 1;
  };
  await expect(erase(target, { journal, images, forget })).rejects.toThrow('gone');
  expect(forgotten).toBe(1);
  expect(await journal.count({})).toBe(0);
});

it('deletes the pictures that are in clear by the events of the person, page by page', async () => {
  const journal = createMemoryJournal();
  await appendAll(
    journal,
    Array.from({ length: 900 }, (_, index) =>
      entry({ identityId: index % 2 === 0 ? ID : 'other', pictures: face(`key-${index}`) }),
    ),
  );
  const deleted: string[] = [];
  const images: ErasureServices['images'] = {
    erase: async () => 7,
    hasClear: async () => true,
    async delete(keys) {
      deleted.push(...keys);
      return keys.length;
    },
  };
  expect(await erase(target, { journal, images, forget() {} })).toEqual({
    events: 450,
    pictures: 457,
    inClear: ['images'],
  });
  expect(deleted).toEqual(Array.from({ length: 450 }, (_, index) => `key-${2 * index}`));
});

it('keeps the key while the pictures in clear could not be deleted: done again, it finds them', async () => {
  const journal = createMemoryJournal();
  await appendAll(journal, [entry({ identityId: ID, pictures: face('key-1') })]);
  const images = { erase: async () => 0, hasClear: async () => true, delete: refuse };
  await expect(erase(target, { journal, images, forget() {} })).rejects.toThrow('gone');
  expect(await journal.count({ identityIds: [ID] })).toBe(1);
  const deleted: string[] = [];
  const mended = {
    ...images,
    async delete(keys: readonly string[]) {
      deleted.push(...keys);
      return keys.length;
    },
  };
  await erase(target, { journal, images: mended, forget() {} });
  expect(deleted).toEqual(['key-1']);
  expect(await journal.count({})).toBe(0);
});
