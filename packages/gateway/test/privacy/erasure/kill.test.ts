import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { pictureOf } from '@se5/core';
import type { Random } from '@se5/simulator';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eraseFiles } from '../../../src/privacy/erasure/erase-files.ts';
import { verify } from '../../../src/privacy/erasure/verify.ts';
import type { ErasureTarget } from '../../../src/journal/erasure.ts';
import { openImagesAt, pictureFiles } from '../../support/image-stores.ts';
import { appendAll, entry, journalFile, openAt, readAll } from '../../support/journals.ts';
import { drawing } from '../../support/seed.ts';
import { filesWith } from '../../support/traces.ts';

const CHILD = fileURLToPath(new URL('./fixtures/erase-until-killed.ts', import.meta.url));

const ID = 'person-7f3a91';
const NAME = 'Visitor 12, of whom nothing stays';
const TIME = 10_000_000;
const EVENTS = 4_000;
/** Of each so many events, two have a picture: one of either kind. */
const SHOWN = 8;
/** Most turns of our event loop from the beginning of a step until its kill: about as long as a step takes. */
const MOST_TURNS = 4_000;

/** The first step in which the bytes of what was erased are overwritten. */
const OVERWRITING = { phase: 'pages', steps: 1 };

/** Of each two events, the second is the person's, and older than the time. */
const isGoing = (index: number) => index % 2 === 1;

/** Each test works on a copy, which takes a fraction of the time of recording it. */
async function record() {
  const file = await journalFile();
  const folder = imagesBeside(file.path);
  await using journal = await openAt(file.path);
  await using images = await openImagesAt(folder);
  const records = await appendAll(
    journal,
    Array.from({ length: EVENTS }, (_, index) => {
      const time = isGoing(index) ? index : TIME + index;
      const key = images.keyOf(`event ${index}`, 'face');
      if (index % SHOWN < 2) {
        const text = Buffer.from(`face ${index} ${isGoing(index) ? NAME : ''}`);
        images.put(key, pictureOf(Buffer.from(text.toString('base64'))));
      }
      return entry({
        ...(isGoing(index) && { identityId: ID, identityName: NAME }),
        ...{ occurredAt: time, receivedAt: time },
        pictures: { face: { key, byteLength: 10, contentType: 'image/jpeg' } },
      });
    }),
  );
  return { file, staying: records.filter((_, index) => !isGoing(index)) };
}

const imagesBeside = (journalPath: string) => join(dirname(journalPath), 'images');

let original: Awaited<ReturnType<typeof record>>;
beforeAll(async () => {
  original = await record();
});
afterAll(() => original.file[Symbol.asyncDispose]());

/** A copy of what was recorded. */
async function recorded() {
  const file = await journalFile();
  await cp(dirname(original.file.path), dirname(file.path), { recursive: true });
  const folder = imagesBeside(file.path);
  // What waited was written when the store was closed.
  expect(await pictureFiles(folder)).toHaveLength((2 * EVENTS) / SHOWN);
  // Events of these tests are from 1970: no retention takes them, however long a test lasts.
  const limits = { keepMs: 1e13, maxBytes: 1e13 };
  return {
    config: {
      journal: { path: file.path, sync: 'normal', ...limits },
      images: { path: folder, capture: 'always', ...limits },
    } as const,
    ...{ folder, staying: original.staying, path: file.path, directory: dirname(file.path) },
    [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
  };
}

/** Runs an erasure, and kills it after so many steps of a phase, somewhere in the next step. */
async function killed(
  random: Random,
  config: object,
  target: ErasureTarget,
  { phase, steps }: { readonly phase: string; readonly steps: number },
) {
  const args = ['--conditions=@se5/source', CHILD, JSON.stringify(config), JSON.stringify(target)];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  child.stdin.on('error', () => {});
  let done = 0;
  for await (const line of createInterface(child.stdout)) {
    if (line === phase) done += 1;
    child.stdin.write('.');
    if (done < steps) continue;
    for (let turns = random.below(MOST_TURNS); turns > 0; turns -= 1) await nextTurn();
    child.kill('SIGKILL');
    break;
  }
  await closed;
}

/** What SQLite says of the file after a crash, and how many events of either kind are in it. */
function look(path: string) {
  using database = new DatabaseSync(path);
  const { integrity_check: integrity } = database.prepare('PRAGMA integrity_check').get() ?? {};
  const count = (where: string) =>
    Number(database.prepare(`SELECT count(*) AS n FROM event WHERE ${where}`).get()?.['n']);
  const others = count(`identity_id <> '${ID}'`);
  return { integrity, others, going: count(`identity_id = '${ID}'`) };
}

it.each<[string, ErasureTarget]>([
  ['a person', { kind: 'identity', identityId: ID }],
  ['what is older than a time', { kind: 'before', time: TIME }],
])('an erasure of %s that is killed at any moment is made whole by the next', async (_, target) => {
  await using place = await recorded();
  const random = drawing();
  const left = [EVENTS / 2];
  const whole = { integrity: 'ok', others: EVENTS / 2 };
  for (let kill = 0; kill < 4; kill += 1) {
    const after = kill < 3 ? { phase: 'events', steps: 1 + random.below(3) } : OVERWRITING;
    await killed(random, place.config, target, after);
    const { going, ...rest } = look(place.path);
    expect(rest).toEqual(whole);
    left.push(going);
  }
  expect(left).toEqual(left.toSorted((a, b) => b - a));
  // The kills came when some had gone, and others not.
  expect(new Set(left).size).toBeGreaterThan(2);

  const began = Date.now();
  const report = await eraseFiles(place.config, target, () => {});
  expect(report.events).toBe(left.at(-1));
  expect(look(place.path)).toEqual({ ...whole, going: 0 });
  expect(await verify(place.config, target, report, began)).toMatchObject({
    events: 0,
    pictures: 0,
    traces: { left: [] },
  });
  expect(await filesWith(place.directory, ID, NAME)).toEqual([]);
  expect(await pictureFiles(place.folder)).toHaveLength(EVENTS / SHOWN);
  await using journal = await openAt(place.path);
  const { records } = await readAll(journal);
  expect(records).toEqual(place.staying);
});
