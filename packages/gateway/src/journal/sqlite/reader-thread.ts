import { DatabaseSync } from 'node:sqlite';
import { workerData } from 'node:worker_threads';
import { Keyring } from '../../privacy/keyring.ts';
import { serve } from '../../thread/serve.ts';
import { openForReading } from './database.ts';
import { Reader } from './reader.ts';
import { toJournalError } from './to-journal-error.ts';

export interface ReaderOptions {
  readonly path: string;
  /** The path of the key file. */
  readonly keys: string;
}

const { path, keys } = workerData as ReaderOptions;

let opened:
  | {
      readonly reader: Reader;
      readonly close: () => void;
      readonly checkpoint: () => void;
    }
  | undefined;

function open(): void {
  using stack = new DisposableStack();
  const keyring = stack.use(new Keyring(keys));
  const database = openForReading(path);
  stack.defer(() => database.close());
  const checkpointer = new DatabaseSync(path, { timeout: 1_000 });
  stack.defer(() => checkpointer.close());
  const parts = stack.move();
  opened = {
    reader: new Reader(database, keyring),
    checkpoint() {
      // Most of it, while the writer goes on; what came meanwhile; and the last, for which it waits.
      checkpointer.exec('PRAGMA wal_checkpoint(PASSIVE)');
      checkpointer.exec('PRAGMA wal_checkpoint(PASSIVE)');
      checkpointer.exec('PRAGMA wal_checkpoint(RESTART)');
    },
    close: () => parts.dispose(),
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
  tally: (...args: Parameters<Reader['tally']>) => journal().reader.tally(...args),
  people: (...args: Parameters<Reader['people']>) => journal().reader.people(...args),
  countPeople: (...args: Parameters<Reader['countPeople']>) =>
    journal().reader.countPeople(...args),
  find: (...args: Parameters<Reader['find']>) => journal().reader.find(...args),
  alarms: (...args: Parameters<Reader['alarms']>) => journal().reader.alarms(...args),
  alarm: (...args: Parameters<Reader['alarm']>) => journal().reader.alarm(...args),
  alarmSealedBy: (...args: Parameters<Reader['alarmSealedBy']>) =>
    journal().reader.alarmSealedBy(...args),
  countErasable: (...args: Parameters<Reader['countErasable']>) =>
    journal().reader.countErasable(...args),
  firstStaying: (...args: Parameters<Reader['firstStaying']>) =>
    journal().reader.firstStaying(...args),
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
