import { describe, expect, it } from 'vitest';
import type { Position } from '../../../src/journal/journal.ts';
import { createMemoryJournal } from '../../../src/journal/memory-journal.ts';
import { appendAll, entry, journalFile, openAt, readAll } from '../../support/journals.ts';

const KEEP_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** How many of events that came at these times, as clocks said, are kept. */
async function retained(times: (now: number) => readonly number[]) {
  const file = await journalFile();
  const journal = await openAt(file.path, { keepMs: KEEP_MS });
  const now = Date.now();
  const records = await appendAll(
    journal,
    times(now).map((receivedAt) => entry({ receivedAt })),
  );
  await journal.retain();
  const left = (
    await readAll(journal, journal.resume(journal.cursorAt(0 as Position)).position)
  ).records.map(({ position }) => position);
  return {
    ...{ journal, now, records, left },
    async [Symbol.asyncDispose]() {
      await journal[Symbol.asyncDispose]();
      await file[Symbol.asyncDispose]();
    },
  };
}

const many = (count: number, time: number) => Array.from({ length: count }, () => time);

describe('events that came while the gateway’s clock was ahead', () => {
  it.each([1, 450, 5_000])(
    'keep nothing that is too old, and go with it: %i of them',
    async (count) => {
      await using kept = await retained((now) => [
        ...many(300, now - 5 * KEEP_MS),
        ...many(count, now + DAY_MS),
        ...many(300, now - 2 * KEEP_MS),
        now,
      ]);
      expect(kept.left).toEqual([601 + count]);
    },
  );

  it('stay as long as one that came before a time that may be true', async () => {
    await using kept = await retained((now) => [
      ...many(300, now - 2 * KEEP_MS),
      ...many(450, now + DAY_MS),
      ...many(300, now),
    ]);
    expect(kept.left).toEqual(Array.from({ length: 750 }, (_, index) => 301 + index));
  });

  it('stay when nothing came since', async () => {
    await using kept = await retained((now) => [
      ...many(300, now - 2 * KEEP_MS),
      ...many(450, now + DAY_MS),
    ]);
    expect(kept.left).toHaveLength(450);
  });

  it('make no gap begin in the future', async () => {
    await using kept = await retained((now) => [
      now - 3 * KEEP_MS,
      ...many(300, now + DAY_MS),
      ...many(300, now - 2 * KEEP_MS),
      now,
    ]);
    const { journal, records, now } = kept;
    for (const index of [0, 200, 400, 590]) {
      const cursor = journal.cursorAt(records[index]?.position ?? (0 as Position));
      const { gap } = journal.resume(cursor);
      expect(gap).toMatchObject({ reason: 'RETENTION', to: now });
      expect(gap?.from).toBeLessThan(now);
    }
  });

  it('make no gap of memory begin in the future', async () => {
    const journal = createMemoryJournal({ maxRecords: 2 });
    const now = Date.now();
    const times = [now - DAY_MS, now + DAY_MS, now - 5, now - 4, now - 3];
    const [first] = await appendAll(
      journal,
      times.map((receivedAt) => entry({ receivedAt })),
    );
    const { gap } = journal.resume(journal.cursorAt(first?.position ?? (0 as Position)));
    expect(gap).toMatchObject({ reason: 'RETENTION', from: now - DAY_MS, to: now - 4 });
  });
});
