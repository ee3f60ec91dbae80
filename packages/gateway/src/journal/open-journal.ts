import type { Clock } from '@se5/core';
import { type JournalConfig, MEMORY_ONLY } from '../config/config.ts';
import type { RetentionClock } from '../storage/retention-clock.ts';
import {
  FailoverJournal,
  type FailoverJournalOptions,
  type JournalObserver,
} from './failover-journal.ts';
import type { Journal } from './journal.ts';
import { JournalError } from './journal-error.ts';
import { createMemoryJournal } from './memory-journal.ts';
import { setAside } from './sqlite/database.ts';
import { type FileObserver, openSqliteJournal } from './sqlite/sqlite-journal.ts';

export interface JournalFileObserver extends JournalObserver, FileObserver {
  /** A damaged file was given another name, and a new one begun. */
  setAside(path: string, newPath: string): void;
}

/** @throws {JournalError} when somebody has to see to the file or the configuration. */
export async function openJournal(
  config: JournalConfig,
  observer: JournalFileObserver,
  { clock, ...options }: Pick<FailoverJournalOptions, 'retryMs'> & { readonly clock?: Clock } = {},
): Promise<Journal> {
  const { path, sync, keepMs, maxBytes } = config;
  if (path === MEMORY_ONLY) {
    const { listenerFailed } = observer;
    return createMemoryJournal({ listenerFailed });
  }
  // What was received under a wrong clock is no proof of the time when the file is opened again.
  let retentionClock: RetentionClock | undefined;
  const openFile = async () => {
    const journal = await openSqliteJournal(
      { path, sync, limits: { keepMs, maxBytes } },
      { observer, clock, retentionClock },
    );
    retentionClock ??= journal.retentionClock;
    return journal;
  };
  const replace = () => {
    observer.setAside(path, setAside(path));
    return openFile();
  };
  return FailoverJournal.open({
    ...options,
    observer,
    open: async (failure) => {
      if (failure?.code === 'DAMAGED') return replace();
      try {
        return await openFile();
      } catch (error) {
        if (error instanceof JournalError && error.code === 'DAMAGED') return replace();
        throw error;
      }
    },
  });
}
