import { existsSync } from 'node:fs';
import { cp, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pictureOf } from '@se5/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErasureReport } from '../../src/erasure/erase.ts';
import { eraseFiles } from '../../src/erasure/erase-files.ts';
import { verify } from '../../src/erasure/verify.ts';
import type { ErasureTarget } from '../../src/journal/erasure.ts';
import type { EventId } from '../../src/journal/recognition.ts';
import { openImagesAt, pictureFiles } from '../support/image-stores.ts';
import { appendAll, entry, journalFile, openAt } from '../support/journals.ts';
import { filesWith } from '../support/traces.ts';

const ID = 'person-7f3a91';
const TIME = 10_000_000;
const EVENTS = 60;
const DAY_MS = 86_400_000;
const before: ErasureTarget = { kind: 'before', time: TIME };
const byIdentity: ErasureTarget = { kind: 'identity', identityId: ID };

const idOf = (index: number) => `an-event-of-its-own-${String(index).padStart(3, '0')}` as EventId;

/**
 * A journal and pictures on disk: of every three events one is old, one the person's, one of
 * neither kind. Each test works on a copy, which takes a fraction of the time of recording it.
 */
async function record() {
  const file = await journalFile();
  const folder = imagesBeside(file.path);
  await using journal = await openAt(file.path);
  await using images = await openImagesAt(folder);
  const keyOf = (index: number) => images.keyOf(idOf(index), 'face');
  await appendAll(
    journal,
    Array.from({ length: EVENTS }, (_, index) =>
      entry({
        id: idOf(index),
        occurredAt: index % 3 === 0 ? index : TIME + index,
        receivedAt: TIME + index,
        identityId: index % 3 === 1 ? ID : `other-${index}`,
        identityName: index % 3 === 1 ? 'Visitor 12, of whom nothing stays' : 'Visitor 13',
        pictures: {
          face: { key: keyOf(index), byteLength: 10, contentType: 'image/jpeg' },
        },
      }),
    ),
  );
  for (let index = 0; index < EVENTS; index += 1) {
    const base64 = Buffer.from(`the face at ${index}`).toString('base64');
    images.put(keyOf(index), pictureOf(Buffer.from(base64)));
  }
  return file;
}

const imagesBeside = (journalPath: string) => join(dirname(journalPath), 'images');

let original: Awaited<ReturnType<typeof record>>;
beforeAll(async () => {
  original = await record();
});
afterAll(() => original[Symbol.asyncDispose]());

/** A copy of what was recorded. */
async function recorded() {
  const file = await journalFile();
  await cp(dirname(original.path), dirname(file.path), { recursive: true });
  const folder = imagesBeside(file.path);
  // What waited was written when the store was closed.
  expect(await pictureFiles(folder)).toHaveLength(EVENTS);
  // Events of these tests are from 1970: no retention takes them, however long a test lasts.
  const limits = { keepMs: 1e13, maxBytes: 1e13 };
  const config = {
    journal: { path: file.path, sync: 'normal', ...limits },
    images: { path: folder, capture: 'always', ...limits },
  } as const;
  return {
    ...{ config, folder, path: file.path, directory: dirname(file.path) },
    erase: (target: ErasureTarget) => eraseFiles(config, target, () => {}),
    verify: (target: ErasureTarget, report: ErasureReport = NOTHING) =>
      verify(config, target, report, Date.now()),
    /** As another program would, and with nothing overwritten. */
    sql(path: string, statement: string) {
      using database = new DatabaseSync(path);
      database.exec(`PRAGMA secure_delete = OFF; ${statement}`);
    },
    [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
  };
}

const NOTHING: ErasureReport = { events: 0, pictures: 0, names: [], ids: [], keys: [] };
const ids = Array.from({ length: EVENTS / 3 }, (_, index) => idOf(3 * index));

describe.each([
  ['what is older than a time', before],
  ['a person', byIdentity],
])('after an erasure of %s', (_, target) => {
  it('nothing of it is found, and all else is there', async () => {
    await using place = await recorded();
    const report = await place.erase(target);
    expect(report).toMatchObject({ events: 20, pictures: 20 });
    expect(report.ids).toHaveLength(20);
    expect(await place.verify(target, report)).toMatchObject({
      events: 0,
      pictures: 0,
      setAside: [],
      traces: { left: [], others: 0 },
    });
    expect(await pictureFiles(place.folder)).toHaveLength(40);
    await using journal = await openAt(place.path);
    expect(await journal.count({})).toBe(40);
  });

  it('an event that is still there is found', async () => {
    await using place = await recorded();
    expect(await place.verify(target)).toMatchObject({ events: 20 });
  });

  it('what came since is nobody’s fault', async () => {
    await using place = await recorded();
    const report = await place.erase(target);
    {
      await using journal = await openAt(place.path);
      await appendAll(journal, [
        entry({ identityId: ID, occurredAt: 1, receivedAt: Date.now() + DAY_MS }),
      ]);
    }
    expect(await place.verify(target, report)).toMatchObject({ events: 0, traces: { left: [] } });
  });

  it('a picture of it that is still there is found by its key', async () => {
    await using place = await recorded();
    const report = await place.erase(target);
    place.sql(
      join(place.folder, 'index.db'),
      `INSERT INTO name SELECT '${report.keys[7]}', picture, at, owner FROM name LIMIT 1`,
    );
    expect(await place.verify(target, report)).toMatchObject({ events: 0, pictures: 1 });
  });
});

describe('an erasure of what is older than a time', () => {
  it('is not complete while a copy of an event stays in the file, though no event is there', async () => {
    await using place = await recorded();
    place.sql(place.path, `DELETE FROM event WHERE occurred_at < ${TIME}`);
    expect(await filesWith(place.directory, idOf(3))).not.toEqual([]);
    const report = { ...NOTHING, ids: ids.slice(0, 20) };
    expect(await place.verify(before, report)).toMatchObject({
      events: 0,
      traces: { left: [place.path], others: 0 },
    });
    // That one of them came again hides none of the others.
    {
      await using journal = await openAt(place.path);
      await appendAll(journal, [entry({ id: idOf(3), receivedAt: Date.now() + DAY_MS })]);
    }
    expect(await place.verify(before, report)).toMatchObject({
      traces: { left: [place.path], others: 1 },
    });
  });

  it('finds a picture by its age too', async () => {
    await using place = await recorded();
    expect(await place.verify({ kind: 'before', time: Date.now() + DAY_MS })).toMatchObject({
      pictures: EVENTS,
    });
  });

  it('names the journals that were set aside, for nobody knows what is in them', async () => {
    await using place = await recorded();
    const aside = `${place.path}.damaged-20260101T000000Z`;
    await writeFile(aside, 'half a journal');
    const report = await place.erase(before);
    expect(await place.verify(before, report)).toMatchObject({ setAside: [aside] });
    // One that was searched for the person is not one of these.
    const erased = await place.erase(byIdentity);
    expect(await place.verify(byIdentity, erased)).toMatchObject({ setAside: [] });
  });
});

it('a person whose id and name are too short to be looked for is not taken to be nowhere', async () => {
  await using place = await recorded();
  const short: ErasureTarget = { kind: 'identity', identityId: '17' };
  place.sql(place.path, `UPDATE event SET identity_id = '17' WHERE identity_id = '${ID}'`);
  expect(await place.verify(short)).toMatchObject({ events: 20 });
  const aside = `${place.path}.damaged-20260101T000000Z`;
  await writeFile(aside, 'half a journal');
  expect(await place.verify(short)).toMatchObject({ setAside: [aside] });
});

it('a person’s number that is part of a picture’s hash is no trace of the person', async () => {
  await using place = await recorded();
  const [picture = ''] = await pictureFiles(place.folder);
  const identityId = basename(picture).slice(20, 26);
  place.sql(place.path, `UPDATE event SET identity_id = '${identityId}' WHERE position = 2`);
  const target: ErasureTarget = { kind: 'identity', identityId };
  const report = await place.erase(target);
  expect(report).toMatchObject({ events: 1 });
  expect(await filesWith(place.folder, identityId)).not.toEqual([]);
  expect(await place.verify(target, report)).toMatchObject({ events: 0, traces: { left: [] } });
});

describe('where nothing is', () => {
  const NOWHERE = join('nowhere', 'at', 'all');
  const IN_FULL = join(process.cwd(), NOWHERE);
  const SEEN_FROM = `(${NOWHERE}, seen from ${process.cwd()})`;

  it.each<[ErasureTarget, string, string, string]>([
    [byIdentity, NOWHERE, NOWHERE, `there is no journal ${IN_FULL} ${SEEN_FROM}, and nothing else`],
    [byIdentity, 'memory', NOWHERE, 'the journal was in memory'],
    [before, NOWHERE, NOWHERE, `no journal ${IN_FULL} ${SEEN_FROM}, and there is no pictures’`],
    [before, NOWHERE, 'memory', 'and pictures are in memory only'],
    [before, 'memory', IN_FULL, `and there is no pictures’ folder ${IN_FULL}`],
  ])(
    'nothing is said to be erased: %o of journal %s and pictures %s',
    async (target, path, folder, why) => {
      const limits = { keepMs: 1, maxBytes: 1 };
      const config = {
        journal: { path, sync: 'normal', ...limits },
        images: { path: folder, capture: 'never', ...limits },
      } as const;
      const failure = { name: 'ErasureFailed', message: expect.stringContaining(why) };
      await expect(eraseFiles(config, target, () => {})).rejects.toMatchObject(failure);
      expect(existsSync('nowhere')).toBe(false);
    },
  );
});

describe('pictures without a journal', () => {
  it('can’t be erased by person, which is said, and nothing is touched', async () => {
    await using place = await recorded();
    const config = { ...place.config, journal: { ...place.config.journal, path: 'memory' } };
    const erasing = eraseFiles(config, byIdentity, () => {});
    await expect(erasing).rejects.toThrow(
      /^nothing was erased: the journal was in memory .* which events and pictures are the person’s/,
    );
    expect(await pictureFiles(place.folder)).toHaveLength(EVENTS);
  });

  it('are erased by their age', async () => {
    await using place = await recorded();
    const config = { ...place.config, journal: { ...place.config.journal, path: 'memory' } };
    const target: ErasureTarget = { kind: 'before', time: Date.now() + DAY_MS };
    const began = Date.now();
    const report = await eraseFiles(config, target, () => {});
    expect(report).toMatchObject({ events: 0, pictures: EVENTS });
    expect(await verify(config, target, report, began)).toMatchObject({ pictures: 0 });
    expect(await pictureFiles(place.folder)).toEqual([]);
    expect(existsSync(place.path)).toBe(true);
  });

  it('that a gateway has are not touched', async () => {
    await using place = await recorded();
    await using _images = await openImagesAt(place.folder);
    const config = { ...place.config, journal: { ...place.config.journal, path: 'memory' } };
    await expect(eraseFiles(config, before, () => {})).rejects.toMatchObject({
      name: 'ImageStoreError',
      code: 'IN_USE',
    });
  });
});
