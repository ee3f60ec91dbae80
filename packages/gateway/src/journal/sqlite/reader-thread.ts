import { DatabaseSync } from 'node:sqlite';
import { workerData } from 'node:worker_threads';
import { serve } from '../../thread/serve.ts';
import type { ErasureTarget } from '../erasure.ts';
import { openForReading } from './database.ts';
import { type ErasureStep, findErasable } from './erasable.ts';
import { Reader } from './reader.ts';
import { toJournalError } from './to-journal-error.ts';

const { path } = workerData as { readonly path: string };

let opened:
  | {
      readonly database: DatabaseSync;
      readonly reader: Reader;
      readonly close: () => void;
      readonly checkpoint: () => void;
    }
  | undefined;

function open(): void {
  const database = openForReading(path);
  const checkpointer = new DatabaseSync(path, { timeout: 1_000 });
  opened = {
    database,
    reader: new Reader(database),
    checkpoint() {
      // Most of it, while the writer goes on; what came meanwhile; and the last, for which it waits.
      checkpointer.exec('PRAGMA wal_checkpoint(PASSIVE)');
      checkpointer.exec('PRAGMA wal_checkpoint(PASSIVE)');
      checkpointer.exec('PRAGMA wal_checkpoint(RESTART)');
    },
    close() {
      database.close();
      checkpointer.close();
    },
  };
}

function journal() {
  if (!opened) throw new Error('the file is not open');
  return opened;
}

const methods = {
  open,
  read: (...args: Parameters<Reader['read']>) => journal().reader.read(...args),
  history: (...args: Parameters<Reader['history']>) => journal().reader.history(...args),
  count: (...args: Parameters<Reader['count']>) => journal().reader.count(...args),
  erasable: (target: ErasureTarget, from: number, newest: number): ErasureStep =>
    findErasable(journal().database, target, from, newest),
  /**
   * Brings what is in the write-ahead log into the file, and begins the log anew. Here and not
   * in the writer's thread, for here is who knows that nobody reads meanwhile, which would keep
   * the log from beginning anew.
   */
  checkpoint: (): void => journal().checkpoint(),
  close(): void {
    opened?.close();
    opened = undefined;
  },
};

export type ReaderMethods = typeof methods;

serve(methods, (error) => toJournalError(error, path));
