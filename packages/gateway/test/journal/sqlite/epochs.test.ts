import { expect, it } from 'vitest';
import { type CursorPlace, newCursorKey } from '../../../src/journal/cursor.ts';
import type { Position } from '../../../src/journal/journal.ts';
import { MAX_CURSOR_KEYS } from '../../../src/journal/sqlite/cursor-keys.ts';
import { openForWriting } from '../../../src/journal/sqlite/database.ts';
import { epochAt, MAX_EPOCHS } from '../../../src/journal/sqlite/epochs.ts';
import { resumeFrom } from '../../../src/journal/sqlite/resume.ts';
import { Retention } from '../../../src/journal/sqlite/retention.ts';
import { Writer } from '../../../src/journal/sqlite/writer.ts';
import { Keyring } from '../../../src/privacy/keyring.ts';
import { appendAll, entries, entry, journalFile, keysOf, openAt } from '../../support/journals.ts';

const UNLIMITED = { keepMs: Number.MAX_SAFE_INTEGER, maxBytes: Number.MAX_SAFE_INTEGER };

/** A file that can be opened again and again without a thread for each time. */
async function openedFile() {
  const file = await journalFile();
  const { database, lock } = openForWriting(file.path, 'normal');
  const keyring = new Keyring(keysOf(file.path));
  return {
    database,
    keyring,
    async [Symbol.asyncDispose]() {
      database.close();
      keyring[Symbol.dispose]();
      lock[Symbol.dispose]();
      await file[Symbol.asyncDispose]();
    },
  };
}

const resume = ({ state }: Writer, place: CursorPlace | undefined) =>
  resumeFrom(state, state.newest, place);

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const placeAt = ({ state }: Writer, position: number): CursorPlace => ({
  epoch: epochAt(state.openings, position),
  position: position as Position,
});

it('a record has one cursor, whichever opening of the file gives it out', async () => {
  await using file = await journalFile();
  const given: string[][] = [];
  for (let opening = 0; opening < 3; opening += 1) {
    await using journal = await openAt(file.path);
    await appendAll(journal, entries(2));
    const positions = Array.from({ length: 2 * opening + 3 }, (_, index) => index as Position);
    given.push(positions.map((position) => journal.cursorAt(position)));
  }
  expect(given[1]?.slice(0, 3)).toEqual(given[0]);
  expect(given[2]?.slice(0, 5)).toEqual(given[1]);
});

it('a file remembers the openings that appended something, up to a bound', async () => {
  await using file = await openedFile();
  const { database, keyring } = file;
  const places = new Map<number, CursorPlace>();
  let last = new Writer(database, keyring);
  for (let opening = 0; opening < MAX_EPOCHS + 10; opening += 1) {
    // Of these, none appends.
    new Writer(database, keyring).reserveEpoch();
    last = new Writer(database, keyring);
    last.append([entry()], new Map());
    if ([9, 10, 500].includes(opening)) places.set(opening, placeAt(last, opening + 1));
  }
  const { openings, lent } = last.state;
  expect(openings).toHaveLength(MAX_EPOCHS);
  expect(lent.length).toBeLessThanOrEqual(MAX_EPOCHS);
  expect(resume(last, places.get(9)).gap?.reason).toBe('UNKNOWN_CURSOR');
  expect(resume(last, places.get(10))).toEqual({ position: 11, gap: undefined });
  // The records of openings that were forgotten have good cursors all the same.
  expect(resume(last, placeAt(last, 5))).toEqual({ position: 5, gap: undefined });

  const retention = new Retention(
    database,
    { ...UNLIMITED, maxRecords: 100 },
    last.sources,
    keyring,
  );
  while (retention.step(Date.now()).isMore);
  expect(resume(last, places.get(500)).gap?.reason).toBe('RETENTION');
});

it('what an outage gave out in a process that was killed is lost, whatever is appended before the next epoch is reserved', async () => {
  await using file = await openedFile();
  const killed = new Writer(file.database, file.keyring);
  killed.reserveEpoch();
  killed.append([entry(), entry(), entry()], new Map());
  const { reserved = 0n } = killed;
  // As when the disk is full as the file is opened: this one reserves nothing.
  const writer = new Writer(file.database, file.keyring);
  writer.append([entry(), entry()], new Map());
  const lost = { position: 3, gap: expect.objectContaining({ reason: 'JOURNAL_UNAVAILABLE' }) };
  expect(resume(writer, { epoch: reserved, position: 9 as Position })).toEqual(lost);
  expect(resume(writer, { epoch: reserved, position: 4 as Position })).toEqual(lost);
  const next = new Writer(file.database, file.keyring);
  next.reserveEpoch();
  expect(resume(next, { epoch: reserved, position: 9 as Position })).toEqual(lost);
});

it('a file keeps its own key of cursors, and those of other journals up to a bound', async () => {
  await using file = await openedFile();
  const writer = new Writer(file.database, file.keyring);
  const [own] = writer.cursorKeys;
  const keys = Array.from({ length: MAX_CURSOR_KEYS + 5 }, newCursorKey);
  for (const key of [own, ...keys, ...keys.slice(-3)]) {
    const position = writer.state.newest as Position;
    const upTo = (position + 1) as Position;
    writer.restore({ epoch: BigInt(upTo), key }, { after: position, upTo, records: [] });
  }
  const kept = [own, ...keys.slice(6)];
  expect(writer.cursorKeys.map(hexOf)).toEqual(kept.map(hexOf));
});
