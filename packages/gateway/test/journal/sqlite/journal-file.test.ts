import { readFile, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { migrate, SCHEMA_VERSION } from '../../../src/journal/sqlite/schema.ts';
import { writeClearJournal } from '../../support/clear-journal.ts';
import {
  appendAll,
  entries,
  entry,
  eventsIn,
  gapEntry,
  journalFile,
  openAt,
  readAll,
} from '../../support/journals.ts';
import { plainCursor } from '../../support/plain-cursor.ts';
import { boxId, recognition } from '../../support/recognitions.ts';

const failing = (code: string) => expect.objectContaining({ name: 'JournalError', code });

describe('the file of a journal', () => {
  it('belongs to one gateway at a time, and is free again when that has gone', async () => {
    await using file = await journalFile();
    {
      await using _journal = await openAt(file.path);
      await expect(openAt(file.path)).rejects.toEqual(failing('IN_USE'));
    }
    await using journal = await openAt(file.path);
    expect(await journal.append(entry())).toMatchObject({ position: 1 });
  });

  it('has noted how far boxes were listened to when it is opened again, and with a gap its end', async () => {
    await using file = await journalFile();
    const [lobby, yard] = [boxId('hq-lobby'), boxId('hq-yard')];
    {
      await using journal = await openAt(file.path);
      journal.settle(lobby, { at: 500 });
      await journal.append(gapEntry({ to: 900, boxId: lobby }));
      expect(readSettled(file.path)).toEqual([['hq-lobby', 900]]);
      journal.settle(lobby, { at: 700 });
      journal.settle(yard, { at: 800, instant: { boot: 'first', ms: 12.25 } });
    }
    await using journal = await openAt(file.path);
    expect([...journal.settled]).toEqual([
      [lobby, { at: 700 }],
      [yard, { at: 800, instant: { boot: 'first', ms: 12.25 } }],
    ]);
  });

  it('notes nothing before what was appended before it', async () => {
    await using file = await journalFile();
    await using journal = await openAt(file.path);
    const early: unknown[] = [];
    using _listener = journal.onAppend(({ position }) => {
      // The last transaction holds 500 at most.
      if (position <= 4_500 && position % 100 === 0) early.push(...readSettled(file.path));
    });
    const all = appendAll(journal, entries(5_000));
    journal.settle(boxId('hq-lobby'), { at: 500 });
    await all;
    expect(early).toEqual([]);
  });

  it('has a gap and its note at once, whatever waits behind it', async () => {
    await using file = await journalFile();
    await using journal = await openAt(file.path);
    let noted: unknown;
    using _listener = journal.onAppend((record) => {
      if (record.kind === 'gap') noted = readSettled(file.path);
    });
    await appendAll(journal, [gapEntry({ to: 900, boxId: boxId('hq-lobby') }), ...entries(2_000)]);
    expect(noted).toEqual([['hq-lobby', 900]]);
  });

  it('brings a file of the first version along, and knows its cursors', async () => {
    await using file = await journalFile();
    const events = [recognition(), recognition({ extra: { note: 'é'.repeat(9_000) } })];
    const cursor = plainCursor(0x0102030405060708n, 1);
    await writeClearJournal(file.path, events);
    const sources = () => {
      using database = new DatabaseSync(file.path);
      return [
        database.prepare('SELECT * FROM source ORDER BY id').all(),
        database.prepare('SELECT * FROM box_size').all(),
      ];
    };
    const counted = sources();
    {
      using database = new DatabaseSync(file.path);
      database.exec(`
        DROP TRIGGER event_comes; DROP TRIGGER event_goes;
        DROP TRIGGER gap_comes; DROP TRIGGER gap_goes;
        DROP TABLE box_size; DROP TABLE loose;
        DROP INDEX source_without_events; DROP INDEX source_by_device;
        DROP INDEX source_by_site; DROP INDEX gap_by_box;
        ALTER TABLE source DROP COLUMN events;
        ALTER TABLE event DROP COLUMN bytes;
        ALTER TABLE state ADD COLUMN epoch BLOB NOT NULL DEFAULT x'0102030405060708';
        ALTER TABLE state DROP COLUMN given_to;
        DROP TABLE opening; DROP TABLE settled; DROP TABLE gone;
        PRAGMA user_version = 1`);
    }
    {
      using database = new DatabaseSync(file.path);
      migrate(database);
    }
    expect(sources()).toEqual(counted);
    await using journal = await openAt(file.path);
    expect(eventsIn((await readAll(journal)).records)).toEqual(events);
    expect(journal.resume(cursor)).toEqual({ position: 1, gap: undefined });
    // Nobody outside knows the epoch of what comes after the update.
    const later = plainCursor(0x0102030405060708n, 3);
    expect(journal.resume(later).gap?.reason).toBe('UNKNOWN_CURSOR');
    await journal.append(entry());
    expect(journal.resume(later).gap?.reason).toBe('UNKNOWN_CURSOR');
    journal.settle(boxId('hq-lobby'), { at: 500 });
    expect(journal.settled.get(boxId('hq-lobby'))).toEqual({ at: 500 });
  });

  it('is refused when a newer gateway wrote it', async () => {
    await using file = await journalFile();
    await (await openAt(file.path))[Symbol.asyncDispose]();
    using database = new DatabaseSync(file.path);
    database.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
    const message = expect.stringContaining(
      `was written by a newer gateway (version ${SCHEMA_VERSION + 1}, this one`,
    );
    await expect(openAt(file.path)).rejects.toEqual(
      expect.objectContaining({ code: 'NEWER_VERSION', message }),
    );
  });

  it('is refused, and left as it is, when it is somebody else’s database', async () => {
    await using file = await journalFile();
    await (await openAt(file.path))[Symbol.asyncDispose]();
    await writeFile(file.path, '');
    {
      using database = new DatabaseSync(file.path);
      database.exec('CREATE TABLE recipes (name TEXT)');
    }
    const before = await readFile(file.path);
    await expect(openAt(file.path)).rejects.toEqual(failing('NOT_A_JOURNAL'));
    expect((await readFile(file.path)).equals(before)).toBe(true);
  });

  it('is called damaged when it does not begin as a database does', async () => {
    await using file = await journalFile();
    await (await openAt(file.path))[Symbol.asyncDispose]();
    await writeFile(file.path, 'not what it was'.repeat(1_000));
    await expect(openAt(file.path)).rejects.toEqual(failing('DAMAGED'));
  });
});

/** As another process sees it. */
function readSettled(path: string): unknown[] {
  using database = new DatabaseSync(path, { readOnly: true });
  const rows = database.prepare('SELECT box_id, to_time FROM settled ORDER BY box_id').all();
  return rows.map((row) => [row['box_id'], row['to_time']]);
}
