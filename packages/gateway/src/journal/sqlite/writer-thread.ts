import { workerData } from 'node:worker_threads';
import type { UncoveredRows } from '../../privacy/erasure-notice.ts';
import type { ErasureTarget } from '../../privacy/erasure-target.ts';
import { dayOf } from '../../privacy/key-file.ts';
import type { Keyring } from '../../privacy/keyring.ts';
import { closeToOthers } from '../../storage/private-file.ts';
import { serve } from '../../thread/serve.ts';
import type { Epoch } from '../cursor.ts';
import type { Gap } from '../gap.ts';
import type { Appended } from './appended.ts';
import { bindToKeys } from './bind-to-keys.ts';
import { ClearRows, type SealingProgress } from './clear-rows.ts';
import type { CursorKeys } from './cursor-keys.ts';
import { type OpenDatabase, openForWriting, type Sync } from './database.ts';
import type { LogPlace } from './followed-log.ts';
import { goneBy, type Limits, Retention } from './retention.ts';
import { type JournalState, readSettled } from './state.ts';
import { toJournalError } from './to-journal-error.ts';
import { type Settled, Writer } from './writer.ts';

export interface WriterOptions {
  readonly path: string;
  /** The path of the key file. */
  readonly keys: string;
  readonly sync: Sync;
  readonly limits: Limits;
  /** Pages of 4 KiB that the file may have; what it can't grow beyond. Default: SQLite's own. */
  readonly maxPages?: number;
}

/** Pages of the write-ahead log at which it is emptied come what may: 256 MiB. */
const MAX_WAL_PAGES = 65_536;

const { path, keys, sync, limits, maxPages } = workerData as WriterOptions;

let opened:
  | (Omit<OpenDatabase, 'exposed'> & {
      readonly keyring: Keyring;
      readonly writer: Writer;
      readonly retention: Retention;
      readonly clearRows: ClearRows;
    })
  | undefined;

/** What a file says of itself when it can be written. */
interface Writable {
  readonly state: JournalState;
  readonly reserved: Epoch | undefined;
  readonly cursorKeys: CursorKeys;
}

interface Opened extends Writable {
  readonly settled: Settled;
  /** When the newest event came, ms by our clock of then; undefined when there is none. */
  readonly newestAt: number | undefined;
  /** The files that other users could read until now. */
  readonly exposed: readonly string[];
  readonly sealing: SealingProgress;
}

function open(): Opened {
  const { database, lock, exposed } = openForWriting(path, sync);
  database.exec(`PRAGMA wal_autocheckpoint = ${MAX_WAL_PAGES}`);
  if (maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${maxPages}`);
  using stack = new DisposableStack();
  stack.use(lock);
  stack.defer(() => database.close());
  const keyring = stack.use(bindToKeys(database, path, keys));
  const writer = new Writer(database, keyring);
  const retention = new Retention(database, limits, writer.sources, keyring);
  const clearRows = new ClearRows(database, keyring);
  stack.move();
  opened = { database, lock, keyring, writer, retention, clearRows };
  try {
    retention.leaving.followKeyFile();
    writer.reserveEpoch();
  } catch {
    // A disk that is full shows at the first append: until then the file can be read.
  }
  const { at } = database.prepare(NEWEST_AT).get() ?? {};
  return {
    ...writable(writer),
    settled: readSettled(database),
    newestAt: typeof at === 'number' ? at : undefined,
    exposed: [...exposed, ...closeToOthers([keys])],
    sealing: clearRows.progress,
  };
}

const NEWEST_AT = 'SELECT received_at AS at FROM event ORDER BY position DESC LIMIT 1';

const writable = ({ state, reserved, cursorKeys }: Writer): Writable => ({
  state,
  reserved,
  cursorKeys,
});

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
    return writable(writer);
  },
  followLog(log: LogPlace): Writable & { readonly missed: Gap | undefined } {
    const { writer } = journal();
    const missed = writer.followLog(log);
    return { ...writable(writer), missed };
  },
  follow: (...args: Parameters<Writer['follow']>): Appended[] => journal().writer.follow(...args),
  /** The state only when it is another one. */
  retain(
    now: number,
    own?: Partial<Limits>,
  ): { readonly state: JournalState | undefined; readonly isMore: boolean } {
    const { retention, writer } = journal();
    retention.leaving.followKeyFile();
    const { hasGone, isMore } = retention.step(now, own);
    return { state: hasGone ? writer.state : undefined, isMore };
  },
  /** From now on nobody reads what was erased. */
  erase(target: ErasureTarget): void {
    journal().retention.leaving.erase(target, dayOf(Date.now()));
  },
  /** From now on nobody reads what was erased in the cluster, whose keys are gone. */
  followErasure(uncovered: readonly UncoveredRows[]): void {
    const { leaving } = journal().retention;
    leaving.followKeyFile();
    for (const rows of uncovered) leaving.hide(rows);
  },
  /** All up to the position was erased. */
  settleErasure(end: number): JournalState {
    const { database, writer } = journal();
    if (end > writer.state.goneTo) goneBy(database, end);
    return writer.state;
  },
  /** Some of what was erased. Whether there may be more. */
  deleteErased: (): boolean => journal().retention.leaving.step(),
  sealClear: (): SealingProgress => journal().clearRows.step(),
  /** Forgets keys with which nothing was sealed since the time, ms since the Unix epoch. */
  collectKeys(usedBefore: number): void {
    journal().keyring.collect(dayOf(usedBefore));
  },
  limitPages: (pages: number): void => journal().database.exec(`PRAGMA max_page_count = ${pages}`),
  close(): void {
    opened?.database.close();
    opened?.keyring[Symbol.dispose]();
    opened?.lock[Symbol.dispose]();
    opened = undefined;
  },
};

export type WriterMethods = typeof methods;

serve(methods, (error) => toJournalError(error, path));
