import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { createMemoryImageStore } from '../../src/images/memory-image-store.ts';
import { Intake } from '../../src/intake/intake.ts';
import { FailoverJournal } from '../../src/journal/failover/failover-journal.ts';
import type { JournalError } from '../../src/journal/journal-error.ts';
import { openSqliteJournal } from '../../src/journal/sqlite/sqlite-journal.ts';
import { eventsIn, gapsIn, journalFile, keysOf, readAll, UNOBSERVED } from '../support/journals.ts';
import { boxConfig, boxEvent, boxId, siteConfig } from '../support/recognitions.ts';
import { until } from '../support/until.ts';

const lobby = boxId('hq-lobby');

/** 256 KiB for each event that has it: so many may wait here. */
const TEXT = 'x'.repeat(128 * 1024);
const MAX_BYTES = 2 ** 20;
const WAITING = 3;
const REFUSED = 40;

const limits = { keepMs: 1e15, maxBytes: 1e15 };

it('bounds the bytes of events behind a disk that stands still, and says the rest as a gap', async () => {
  await using file = await journalFile();
  await using journal = await FailoverJournal.open({
    open: () =>
      openSqliteJournal(
        { path: file.path, keys: keysOf(file.path), sync: 'normal', limits },
        { bounds: { maxBytes: MAX_BYTES } },
      ),
    observer: UNOBSERVED,
    retryMs: 5,
  });
  const images = createMemoryImageStore({ capture: 'never', keepMs: 1_000, maxBytes: 1_000 });
  const lost: unknown[] = [];
  const observer = {
    event() {},
    duplicate() {},
    lost: (_: unknown, error: unknown) => lost.push(error),
  };
  const intake = new Intake([siteConfig('hq', [boxConfig({ id: lobby })])], journal, images, {
    observer,
  });
  {
    using other = new DatabaseSync(file.path);
    other.exec('BEGIN IMMEDIATE');
    for (let at = 1; at <= WAITING + REFUSED; at += 1) {
      const event = boxEvent({ identityId: String(at), extra: { text: TEXT } });
      intake.event(lobby, event, at * 1_000, at * 1_000);
    }
    await until(() => lost.length === REFUSED);
    // While the gap is owed, nobody may believe that all was heard.
    intake.settled(lobby, { at: 1_000_000 });
    expect(journal.settled.get(lobby)).toBeUndefined();
    other.exec('ROLLBACK');
  }
  const codes = lost.map((error) => (error as JournalError).code);
  expect(new Set(codes)).toEqual(new Set(['OVERLOADED']));
  expect(String(lost[0])).toContain(`${MAX_BYTES} bytes of entries`);

  await until(() => journal.newest === WAITING + 1);
  const { records } = await readAll(journal);
  expect(eventsIn(records).map(({ identityId }) => identityId)).toEqual(['1', '2', '3']);
  expect(gapsIn(records)).toEqual([
    {
      reason: 'JOURNAL_UNAVAILABLE',
      boxId: lobby,
      from: (WAITING + 1) * 1_000,
      to: (WAITING + REFUSED) * 1_000,
      count: REFUSED,
    },
  ]);
  intake.settled(lobby, { at: 1_000_000 });
  expect(journal.settled.get(lobby)).toEqual({ at: 1_000_000 });
});
