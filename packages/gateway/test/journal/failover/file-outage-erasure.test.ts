import { expect, it } from 'vitest';
import { FailoverJournal } from '../../../src/journal/failover/failover-journal.ts';
import type { Position } from '../../../src/journal/journal.ts';
import type { MemoryJournalOptions } from '../../../src/journal/memory-journal.ts';
import {
  appendAll,
  entry,
  type HeldJournal,
  holdSqliteJournal,
  readAll,
} from '../../support/journals.ts';

/** A journal whose file holds an event and is full, with those of the times in memory. */
async function inOutage(
  times: readonly number[],
  memory: Pick<MemoryJournalOptions, 'maxRecords'> = {},
): Promise<
  HeldJournal & { readonly first: string; recover(): Promise<{ readonly lost: number }> }
> {
  const held = await holdSqliteJournal();
  const recovered = Promise.withResolvers<{ readonly lost: number }>();
  const journal = await FailoverJournal.open({
    open: async () => held.journal,
    observer: { unavailable() {}, available: recovered.resolve, listenerFailed() {} },
    retryMs: 5,
    memory,
  });
  const at = (time: number) =>
    // So large that a full file has no room for it.
    entry({ occurredAt: time, receivedAt: time, extra: { text: 'x'.repeat(20_000) } });
  await journal.append(at(1_000));
  await held.journal.limitPages(1);
  const [first] = await appendAll(journal, times.map(at));
  return {
    ...held,
    journal,
    first: journal.cursorAt(first?.position ?? (0 as Position)),
    async recover() {
      await held.journal.limitPages(1_000_000);
      return recovered.promise;
    },
    async [Symbol.asyncDispose]() {
      await journal[Symbol.asyncDispose]();
      await held[Symbol.asyncDispose]();
    },
  };
}

it('what was erased by time while the disk was full is told as erased, then and later, and not as lost', async () => {
  await using outage = await inOutage([2_000, 3_000, 4_000, 5_000]);
  const { journal, first } = outage;
  expect(await journal.erase({ kind: 'before', time: 4_000 })).toMatchObject({ events: 3 });
  expect(journal.resume(first)).toMatchObject({
    position: 3,
    gap: { reason: 'RETENTION', to: 4_000 },
  });
  const during = await readAll(journal, 2);
  expect(during.records.map(({ position }) => position)).toEqual([4, 5]);
  expect(during.gaps).toMatchObject([{ reason: 'RETENTION' }]);

  expect(await outage.recover()).toMatchObject({ restored: 2, lost: 0 });
  const { position, gap } = journal.resume(first);
  const later = await readAll(journal, position);
  const gaps = [gap, ...later.records.map((record) => record.kind === 'gap' && record.gap)];
  expect(gaps.filter((each) => each)).toMatchObject([{ reason: 'RETENTION' }]);
  expect(later.records.filter(({ kind }) => kind === 'event')).toHaveLength(2);
});

it('what memory had to let go of is lost, though more was erased before it', async () => {
  await using outage = await inOutage([2_000, 3_000, 4_000], { maxRecords: 3 });
  const { journal, first } = outage;
  await journal.erase({ kind: 'before', time: 3_500 });
  expect(journal.resume(first).gap).toMatchObject({ reason: 'RETENTION' });
  await appendAll(
    journal,
    [5_000, 6_000, 7_000].map((time) => entry({ receivedAt: time })),
  );
  expect(journal.resume(first).gap).toMatchObject({ reason: 'JOURNAL_UNAVAILABLE' });
  expect(await outage.recover()).toMatchObject({ restored: 3, lost: 3 });
});
