import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { SealingProgress } from '../../../src/journal/sqlite/clear-rows.ts';
import { openSqliteJournal } from '../../../src/journal/sqlite/sqlite-journal.ts';
import { writeClearJournal } from '../../support/clear-journal.ts';
import { backUp } from '../../support/copies.ts';
import {
  appendAll,
  eventsIn,
  journalFile,
  keysOf,
  openAt,
  readAll,
  UNLIMITED,
  UNOBSERVED,
} from '../../support/journals.ts';
import { recognition } from '../../support/recognitions.ts';
import { drawing } from '../../support/seed.ts';
import { filesWith } from '../../support/traces.ts';

const CHILD = fileURLToPath(new URL('../fixtures/seal-until-killed.ts', import.meta.url));
const ID = 'person-7f3a';
const NAME = 'Visitor 12, of whom nothing stays';
const EVENTS = 1_500;

const clearEvents = (count = EVENTS) =>
  Array.from({ length: count }, (_, index) =>
    recognition({
      ...(index % 3 === 0 && { identityId: ID, identityName: NAME, extra: { of: NAME } }),
      groupName: `group ${index % 5}`,
    }),
  );

/** A journal that tells how far its sealing is. */
async function sealing(path: string) {
  const done = Promise.withResolvers<void>();
  const told: SealingProgress[] = [];
  const journal = await openSqliteJournal(
    { path, keys: keysOf(path), sync: 'normal', limits: UNLIMITED },
    {
      observer: {
        ...UNOBSERVED,
        sealing(progress) {
          told.push(progress);
          if (progress.isDone) done.resolve();
        },
        sealingFailed: done.reject,
      },
    },
  );
  return { journal, told, done: done.promise };
}

it('a journal of an older gateway is read as ever while it is sealed, and holds no clear byte then', async () => {
  await using file = await journalFile();
  const events = clearEvents();
  await writeClearJournal(file.path, events);
  expect(await filesWith(dirname(file.path), ID, NAME)).not.toEqual([]);
  const { journal, told, done } = await sealing(file.path);
  await using _journal = journal;
  expect(eventsIn((await readAll(journal)).records)).toEqual(events);
  expect(await journal.count({ identityIds: [ID] })).toBe(EVENTS / 3);
  expect(await journal.count({ groupNames: ['group 1'] })).toBe(EVENTS / 5);
  // An event that is there in clear is there.
  expect(await appendAll(journal, [{ kind: 'event', event: events[7] ?? recognition() }])).toEqual([
    { kind: 'event', event: events[7], position: 8, isDuplicate: true },
  ]);
  await done;
  expect(told.map(({ left }) => left)).toEqual(
    told.map(({ left }) => left).toSorted((a, b) => b - a),
  );
  expect(told.length).toBeGreaterThan(5);
  expect(await filesWith(dirname(file.path), ID, NAME, 'group 1')).toEqual([]);
  expect(eventsIn((await readAll(journal)).records)).toEqual(events);
  expect(await journal.count({ identityIds: [ID] })).toBe(EVENTS / 3);
  expect(await journal.count({ groupNames: ['group 1'] })).toBe(EVENTS / 5);
  expect(await appendAll(journal, [{ kind: 'event', event: events[7] ?? recognition() }])).toEqual([
    { kind: 'event', event: events[7], position: 8, isDuplicate: true },
  ]);
  await journal[Symbol.asyncDispose]();
  using database = new DatabaseSync(file.path);
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  const sizes = database.prepare(
    'SELECT (SELECT sum(bytes) FROM box_size) AS counted, (SELECT sum(bytes) FROM event) AS held',
  );
  const { counted, held } = sizes.get() ?? {};
  expect(counted).toBe(held);
});

it('an erasure before the sealing is done says so, and reads nobody back', async () => {
  await using file = await journalFile();
  await writeClearJournal(file.path, clearEvents());
  const { journal, done } = await sealing(file.path);
  await using _journal = journal;
  expect(await journal.erase({ kind: 'identity', identityId: ID })).toMatchObject({
    events: EVENTS / 3,
    hasClear: true,
  });
  expect(await journal.count({})).toBe((EVENTS * 2) / 3);
  await done;
  await journal.retain();
  expect(await filesWith(dirname(file.path), ID, NAME)).toEqual([]);
  expect(await journal.count({ identityIds: [ID] })).toBe(0);
  expect(await journal.count({})).toBe((EVENTS * 2) / 3);
  expect(await journal.erase({ kind: 'identity', identityId: ID })).toMatchObject({
    events: 0,
    hasClear: false,
  });
});

it('a sealing that is killed at any moment goes on where it was', async () => {
  await using original = await journalFile();
  const events = clearEvents(3_000);
  await writeClearJournal(original.path, events);
  await using file = await journalFile();
  await mkdir(dirname(file.path));
  await backUp(original.path, file.path);
  const random = drawing();
  const left: number[] = [];
  for (let kill = 0; kill < 3; kill += 1) {
    const args = ['--conditions=@se5/source', CHILD, file.path];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const closed = once(child, 'close');
    await once(child.stdout, 'data');
    for (let turns = random.below(2_000); turns > 0; turns -= 1) await nextTurn();
    child.kill('SIGKILL');
    await closed;
    using database = new DatabaseSync(file.path);
    const { n } =
      database.prepare('SELECT count(*) AS n FROM event WHERE sealed IS NULL').get() ?? {};
    left.push(Number(n));
    // A child that has nothing to do says nothing.
    if (n === 0) break;
  }
  expect(left).toEqual(left.toSorted((a, b) => b - a));
  const { journal, done } = await sealing(file.path);
  await using _journal = journal;
  await done;
  expect(eventsIn((await readAll(journal)).records)).toEqual(events);
  expect(await filesWith(dirname(file.path), ID, NAME)).toEqual([]);
  await journal[Symbol.asyncDispose]();
  await using again = await openAt(file.path);
  expect(await again.count({})).toBe(3_000);
});
