import type { DatabaseSync } from 'node:sqlite';
import { workerData } from 'node:worker_threads';
import { serve } from '../../thread/serve.ts';
import type { Epoch } from '../cursor.ts';
import type { ErasureTarget } from '../erasure.ts';
import { BUSY_MS, type OpenDatabase, openForWriting, type Sync } from './database.ts';
import { eraseEvents, settleBefore, vacuumStep } from './erasing.ts';
import { PageScrubber } from './page-scrubber.ts';
import { type Limits, Retention } from './retention.ts';
import { pragma } from './schema.ts';
import { type JournalState, readSettled } from './state.ts';
import { toJournalError } from './to-journal-error.ts';
import { type Appended, type Settled, Writer } from './writer.ts';

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

/** Pages that are scrubbed at once: 1 MiB. */
const SCRUBBED_PAGES = 256;

/** So long a scrub waits for readers, in ms: events wait behind it. */
const SCRUB_BUSY_MS = 20;

/** Where to go on, and how many pages there are; BUSY: somebody reads, and nothing was done. */
export type ScrubStep = 'BUSY' | { readonly next: number | undefined; readonly of: number };

let opened:
  | (Omit<OpenDatabase, 'exposed'> & { readonly writer: Writer; readonly retention: Retention })
  | undefined;
let scrubber: PageScrubber | undefined;

/** What a file says of itself when it can be written. */
interface Writable {
  readonly state: JournalState;
  readonly reserved: Epoch | undefined;
}

interface Opened extends Writable {
  readonly settled: Settled;
  /** When the newest event came, ms by our clock of then; undefined when there is none. */
  readonly newestAt: number | undefined;
  /** The files that other users could read until now. */
  readonly exposed: readonly string[];
}

function open(): Opened {
  const { database, lock, exposed } = openForWriting(path, sync);
  database.exec(`PRAGMA wal_autocheckpoint = ${MAX_WAL_PAGES}`);
  if (maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${maxPages}`);
  const writer = new Writer(database);
  opened = { database, lock, writer, retention: new Retention(database, limits, writer.sources) };
  try {
    writer.reserveEpoch();
  } catch {
    // A disk that is full shows at the first append: until then the file can be read.
  }
  const { state, reserved } = writer;
  const { at } = database.prepare(NEWEST_AT).get() ?? {};
  return {
    state,
    reserved,
    settled: readSettled(database),
    newestAt: typeof at === 'number' ? at : undefined,
    exposed,
  };
}

const NEWEST_AT = 'SELECT received_at AS at FROM event ORDER BY position DESC LIMIT 1';

function journal() {
  if (!opened) throw new Error('the file is not open');
  return opened;
}

const methods = {
  open,
  append: (...args: Parameters<Writer['append']>): Appended[] => journal().writer.append(...args),
  restore(...args: Parameters<Writer['restore']>): Writable {
    const { writer } = journal();
    writer.restore(...args);
    const { state, reserved } = writer;
    return { state, reserved };
  },
  /** The state only when it is another one. */
  retain(
    now: number,
    own?: Partial<Limits>,
  ): { readonly state: JournalState | undefined; readonly isMore: boolean } {
    const { retention, writer } = journal();
    const { hasGone, isMore } = retention.step(now, own);
    return { state: hasGone ? writer.state : undefined, isMore };
  },
  eraseEvents: (positions: readonly number[]): void => eraseEvents(journal().database, positions),
  settleErasure(target: ErasureTarget): JournalState {
    const { database, writer } = journal();
    if (target.kind === 'before') settleBefore(database, target.time);
    return writer.state;
  },
  vacuum: (): boolean => vacuumStep(journal().database),
  /** The pages from this one on, as many as go at once. */
  scrub(first: number): ScrubStep {
    const { database } = journal();
    if (!truncateLog(database)) return 'BUSY';
    scrubber ??= new PageScrubber(path);
    if (scrubber.scrub(first, SCRUBBED_PAGES) > 0) database.exec('PRAGMA shrink_memory');
    const [next, of] = [first + SCRUBBED_PAGES, scrubber.pageCount];
    return { next: next <= of ? next : undefined, of };
  },
  limitPages: (pages: number): void => journal().database.exec(`PRAGMA max_page_count = ${pages}`),
  close(): void {
    opened?.database.close();
    // Not before: to close it gives up the locks on the file.
    scrubber?.[Symbol.dispose]();
    scrubber = undefined;
    opened?.lock[Symbol.dispose]();
    opened = undefined;
  },
};

/** Brings all of the log into the file and empties it; false when somebody reads. */
function truncateLog(database: DatabaseSync): boolean {
  database.exec(`PRAGMA busy_timeout = ${SCRUB_BUSY_MS}`);
  try {
    return pragma(database, 'wal_checkpoint(TRUNCATE)') === 0;
  } finally {
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
  }
}

export type WriterMethods = typeof methods;

serve(methods, (error) => toJournalError(error, path));
