import type { Clock } from '@se5/core';
import { type JournalConfig, MEMORY_ONLY } from '../config/config.ts';
import type { RetentionClock } from '../storage/retention-clock.ts';
import type { Shares } from '../storage/shares.ts';
import {
  FailoverJournal,
  type FailoverJournalOptions,
  type JournalObserver,
} from './failover/failover-journal.ts';
import type { Journal } from './journal.ts';
import { JournalError } from './journal-error.ts';
import { createMemoryJournal } from './memory-journal.ts';
import { setAside } from './sqlite/database.ts';
import type { FileObserver } from './sqlite/file-observer.ts';
import { openSqliteJournal } from './sqlite/sqlite-journal.ts';

export interface JournalFileObserver extends JournalObserver, FileObserver {
  /** A damaged file was given another name, and a new one begun. */
  setAside(path: string, newPath: string): void;
}

export interface OpenJournalOptions extends Pick<FailoverJournalOptions, 'retryMs'> {
  /** The path of the key file; `MEMORY_ONLY` with a journal in memory. */
  readonly keys: string;
  /** So long a key is kept after something was sealed with it last, in ms. Default: for ever. */
  readonly keysKeepMs?: number | undefined;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Of a file that is full, by box. Default: 1 for each. */
  readonly shares?: Shares;
}

/** @throws {JournalError} when somebody has to see to the file or the configuration. */
export async function openJournal(
  config: JournalConfig,
  observer: JournalFileObserver,
  { keys, keysKeepMs, clock, shares, ...options }: OpenJournalOptions,
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
      { path, keys, sync, limits: { keepMs, maxBytes, ...(shares && { shares }) } },
      { observer, clock, retentionClock, keysKeepMs },
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
