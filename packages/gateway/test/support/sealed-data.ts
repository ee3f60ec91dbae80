import { join } from 'node:path';
import { pictureOf } from '@se5/core';
import { openDiskImageStore } from '../../src/images/disk/disk-image-store.ts';
import type { ImageStore } from '../../src/images/image-store.ts';
import type { Recognition } from '../../src/journal/recognition.ts';
import { openAt } from './journals.ts';
import { origin, recognition } from './recognitions.ts';

/** Whom tests look for in the bytes of files. */
export const PERSON = {
  identityId: 'person-7f3a91',
  identityName: 'Visitor 12, of whom nothing stays',
} as const;

const QUIET = {
  unavailable() {},
  available() {},
  exposed() {},
  clockDistrusted() {},
  lost() {},
  cleaningFailed() {},
};

/** Where the journal of the folder is. */
const journalIn = (folder: string): string => join(folder, 'journal.db');

/**
 * A journal and pictures as a gateway has them in its data folder.
 *
 * @param keys Default: the key file in the folder.
 */
export async function openData(folder: string, keys = join(folder, 'keys.db')) {
  const journal = await openAt(journalIn(folder), {}, keys);
  const images = await openDiskImageStore({
    path: join(folder, 'images'),
    keys,
    limits: { keepMs: 1e12, maxBytes: 1e12 },
    observer: QUIET,
    gatherMs: 1,
  });
  return {
    journal,
    images,
    async [Symbol.asyncDispose]() {
      await images[Symbol.asyncDispose]();
      await journal[Symbol.asyncDispose]();
    },
  };
}

/** Puts a face into the store that names whom it shows. */
export function put(
  images: ImageStore,
  eventId: string,
  given: Partial<Recognition>,
): Recognition['pictures'] {
  const { identityId } = recognition(given);
  const text = Buffer.from(`\xff\xd8\xffa face of ${identityId} in ${eventId}`, 'latin1');
  const picture = pictureOf(Buffer.from(text.toString('base64')));
  const key = images.keyOf(eventId, 'face');
  images.put(key, picture, origin(given));
  return { face: { key, byteLength: picture.byteLength, contentType: picture.contentType } };
}
