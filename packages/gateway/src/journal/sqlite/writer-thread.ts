import { workerData } from 'node:worker_threads';
import { serve } from '../../thread/serve.ts';
import { openForWriting, type Sync } from './database.ts';
import { toJournalError } from './failure.ts';
import { type Limits, retainStep } from './retention.ts';
import { type JournalState, readState } from './state.ts';
import { type Appended, Writer } from './writer.ts';

export interface WriterOptions {
  readonly path: string;
  readonly sync: Sync;
  readonly limits: Limits;
  /** Pages of 4 KiB that the file may have; what it can't grow beyond. Default: SQLite's own. */
  readonly maxPages?: number;
}

/** Pages of the write-ahead log at which it is emptied come what may: 256 MiB. */
const MAX_WAL_PAGES = 65_536;

const { path, sync, limits, maxPages } = workerData as WriterOptions;

let opened: (ReturnType<typeof openForWriting> & { readonly writer: Writer }) | undefined;

function open(): JournalState {
  const { database, lock } = openForWriting(path, sync);
  database.exec(`PRAGMA wal_autocheckpoint = ${MAX_WAL_PAGES}`);
  if (maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${maxPages}`);
  opened = { database, lock, writer: new Writer(database) };
  return readState(database);
}

function journal() {
  if (!opened) throw new Error('the file is not open');
  return opened;
}

const methods = {
  open,
  append: (entries: Parameters<Writer['append']>[0]): Appended[] =>
    journal().writer.append(entries),
  restore: (...args: Parameters<Writer['restore']>): JournalState =>
    journal().writer.restore(...args),
  retain: (now: number, own?: Partial<Limits>) =>
    retainStep(journal().database, { ...limits, ...own }, now),
  limitPages: (pages: number): void => journal().database.exec(`PRAGMA max_page_count = ${pages}`),
  close(): void {
    opened?.database.close();
    opened?.lock[Symbol.dispose]();
    opened = undefined;
  },
};

export type WriterMethods = typeof methods;

serve(methods, (error) => toJournalError(error, path));
