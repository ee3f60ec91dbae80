import { FailoverJournal } from '../../src/journal/failover/failover-journal.ts';
import type { GapReason } from '../../src/journal/gap.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { JournalError } from '../../src/journal/journal-error.ts';
import { createMemoryJournal } from '../../src/journal/memory-journal.ts';
import { type HeldJournal, holdSqliteJournal, UNOBSERVED as observer } from './journals.ts';

interface Implementation {
  /** A new one, that keeps so many records, 10,000 by default, once `retain` has settled. */
  readonly create: (maxRecords?: number) => Promise<HeldJournal>;
  /** Why what it has let go of can't be had. */
  readonly reason: GapReason;
  /** How often a property is tried. */
  readonly numRuns: number;
}

const hold = (journal: Journal): HeldJournal => ({
  journal,
  retain: async () => {},
  [Symbol.asyncDispose]: () => journal[Symbol.asyncDispose](),
});

/** Journals that can reach all that they hold. */
export const wholeJournals: readonly [name: string, Implementation][] = [
  [
    'memory journal',
    {
      create: async (maxRecords = 10_000) => hold(createMemoryJournal({ maxRecords })),
      reason: 'RETENTION',
      numRuns: 100,
    },
  ],
  [
    'SQLite journal',
    {
      create: (maxRecords = 10_000) => holdSqliteJournal(maxRecords),
      reason: 'RETENTION',
      numRuns: 3,
    },
  ],
  [
    'failover journal that has its file',
    {
      create: async (maxRecords = 10_000) => {
        const held = await holdSqliteJournal(maxRecords);
        const journal = await FailoverJournal.open({ open: async () => held.journal, observer });
        return {
          journal,
          retain: held.retain,
          async [Symbol.asyncDispose]() {
            await journal[Symbol.asyncDispose]();
            await held[Symbol.asyncDispose]();
          },
        };
      },
      reason: 'RETENTION',
      numRuns: 3,
    },
  ],
];

/** All that the contract of `Journal` is held to. */
export const everyJournal: readonly [name: string, Implementation][] = [
  ...wholeJournals,
  [
    'failover journal that has no file',
    {
      create: async (maxRecords = 10_000) => {
        const open = () => Promise.reject(new JournalError('READ_ONLY', 'may not be written'));
        return hold(await FailoverJournal.open({ open, observer, memory: { maxRecords } }));
      },
      reason: 'JOURNAL_UNAVAILABLE',
      numRuns: 100,
    },
  ],
];
