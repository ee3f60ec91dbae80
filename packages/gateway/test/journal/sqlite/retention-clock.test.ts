import { expect, it } from 'vitest';
import type { FileObserver } from '../../../src/journal/sqlite/file-observer.ts';
import { openSqliteJournal } from '../../../src/journal/sqlite/sqlite-journal.ts';
import type { RetentionClock } from '../../../src/storage/retention-clock.ts';
import { appendAll, entry, journalFile, keysOf, UNOBSERVED } from '../../support/journals.ts';
import { TestClock } from '../../support/test-clock.ts';

const DAY_MS = 86_400_000;

it('a journal deletes nothing while its machine’s clock is 40 days ahead, and says so', async () => {
  await using file = await journalFile();
  const clock = new TestClock();
  const distrusted: number[] = [];
  const observer: FileObserver = {
    ...UNOBSERVED,
    clockDistrusted: (aheadMs) => void distrusted.push(aheadMs),
  };
  const limits = { keepMs: 30 * DAY_MS, maxBytes: Number.MAX_SAFE_INTEGER };
  await using journal = await openSqliteJournal(
    { path: file.path, keys: keysOf(file.path), sync: 'normal', limits },
    { observer, clock },
  );
  await appendAll(
    journal,
    Array.from({ length: 7 }, () => entry({ receivedAt: clock.now() })),
  );
  clock.jump(40 * DAY_MS);
  await journal.retain();
  expect(await journal.count({})).toBe(7);
  expect(distrusted).toEqual([expect.closeTo(40 * DAY_MS, -4)]);

  clock.pass(3_600_000);
  await journal.retain();
  // The newest record stays, however old it is.
  expect(await journal.count({})).toBe(1);
});

it('a journal that is opened again under a wrong clock takes nothing of it for the time', async () => {
  await using file = await journalFile();
  const clock = new TestClock();
  const limits = { keepMs: 30 * DAY_MS, maxBytes: Number.MAX_SAFE_INTEGER };
  const open = (retentionClock?: RetentionClock) =>
    openSqliteJournal(
      { path: file.path, keys: keysOf(file.path), sync: 'normal', limits },
      { clock, retentionClock },
    );
  const received = () => entry({ receivedAt: clock.now() });
  let retentionClock: RetentionClock;
  {
    await using journal = await open();
    await appendAll(journal, [received(), received()]);
    clock.jump(40 * DAY_MS);
    await appendAll(journal, [received()]);
    ({ retentionClock } = journal);
  }
  await using journal = await open(retentionClock);
  await journal.retain();
  expect(await journal.count({})).toBe(3);
});
