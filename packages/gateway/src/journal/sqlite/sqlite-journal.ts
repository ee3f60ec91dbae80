import type { BoxId } from '../../config/ids.ts';
import { GatewayError } from '../../errors.ts';
import { Listeners } from '../../listeners.ts';
import type { Thread } from '../../thread/thread.ts';
import { type Epoch, encodeCursor } from '../cursor.ts';
import type { DurableJournal, Stretch } from '../durable-journal.ts';
import type { ErasureObserver, ErasureTarget } from '../erasure.ts';
import type { EventFilter } from '../filter.ts';
import type {
  AppendedRecord,
  Cursor,
  HistoryPage,
  HistoryQuery,
  JournalEntry,
  JournalRecord,
  Position,
  ReadPage,
  ResumePoint,
} from '../journal.ts';
import { JournalError } from '../journal-error.ts';
import { Checkpoints } from './checkpoints.ts';
import { eraseFromFile } from './erase-from-file.ts';
import { GroupCommit } from './group-commit.ts';
import { openJournalThread } from './journal-thread.ts';
import type { ReaderMethods } from './reader-thread.ts';
import { resumeAt, resumeFrom } from './resume.ts';
import type { Limits } from './retention.ts';
import { RetentionRounds } from './retention-rounds.ts';
import type { JournalState } from './state.ts';
import type { WriterMethods, WriterOptions } from './writer-thread.ts';

/** So long whoever reads the file may hold up an erasure, in ms. */
const READERS_MS = 30_000;

/**
 * A journal in a file. One thread writes it and another reads it, so that neither a disk that
 * takes its time nor a long query holds up what is live.
 *
 * @throws {JournalError} when the file can't be opened.
 */
export async function openSqliteJournal(options: WriterOptions): Promise<SqliteJournal> {
  await using threads = new AsyncDisposableStack();
  const writer = threads.use(openJournalThread<WriterMethods>('writer-thread', options));
  const reader = threads.use(
    openJournalThread<ReaderMethods>('reader-thread', { path: options.path }),
  );
  const opened = await writer.call('open');
  await reader.call('open');
  threads.move();
  return new SqliteJournal(writer, reader, opened);
}

/** The file as its threads tell of it: what it holds is theirs, what is said of it is here. */
export class SqliteJournal implements DurableJournal {
  readonly #writer: Thread<WriterMethods>;
  readonly #reader: Thread<ReaderMethods>;
  readonly #listeners = new Listeners<JournalRecord>();
  readonly #checkpoints: Checkpoints;
  readonly #commits: GroupCommit;
  readonly #retention: RetentionRounds;
  #state: JournalState;
  #reserved: Epoch | undefined;
  #newest: number;
  #isClosed = false;

  /** @internal */
  constructor(
    writer: Thread<WriterMethods>,
    reader: Thread<ReaderMethods>,
    { state, reserved, settled }: Awaited<ReturnType<WriterMethods['open']>>,
  ) {
    this.#writer = writer;
    this.#reader = reader;
    this.#state = state;
    this.#reserved = reserved;
    this.#newest = state.newest;
    this.#checkpoints = new Checkpoints(() => reader.call('checkpoint'));
    this.#commits = new GroupCommit({
      write: (entries, notes) => writer.call('append', entries, notes),
      written: (record) => this.#tell(record),
      committed: (entries) => this.#checkpoints.appended(entries),
      settled,
    });
    this.#retention = new RetentionRounds(
      () => this.retain(),
      (error) => {
        // A file that can't be written shows at the next append; damage to what is old would not.
        if (error instanceof JournalError && error.code === 'DAMAGED') void this.abandon(error);
      },
    );
  }

  get newest(): Position {
    return this.#newest as Position;
  }

  append(entry: JournalEntry): Promise<AppendedRecord> {
    if (!this.#isClosed) return this.#commits.append(entry);
    return Promise.reject(new GatewayError('SHUTTING_DOWN', 'the journal has been closed'));
  }

  settle(boxId: BoxId, to: number): void {
    if (!this.#isClosed) this.#commits.settle(boxId, to);
  }

  get settled(): ReadonlyMap<BoxId, number> {
    return this.#commits.settled;
  }

  get reservedEpoch(): Epoch | undefined {
    return this.#reserved;
  }

  abandon(failure: JournalError): Promise<void> {
    return this.#commits.end(failure);
  }

  async restore(epoch: Epoch, stretch: Stretch): Promise<void> {
    await this.#commits.drained();
    // On a full disk it is the log that can't grow, and may not have to.
    if (this.#commits.failure) await this.#checkpoints.now();
    const { state, reserved } = await this.#writer.call('restore', epoch, stretch);
    this.#state = state;
    this.#reserved = reserved;
    this.#newest = state.newest;
    this.#commits.goOn();
  }

  async read(after: Position, limit: number): Promise<ReadPage> {
    if (after >= this.#newest) return { records: [], gap: undefined, position: after };
    const newest = this.newest;
    const { records, state } = await this.#reader.call('read', after, newest, limit);
    const gap = state && resumeAt(state, after).gap;
    // Behind the last record nothing may be left but what was erased.
    return { records, gap, position: records.at(-1)?.position ?? newest };
  }

  onAppend(listener: (record: JournalRecord) => void): Disposable {
    return this.#listeners.add(listener);
  }

  async history(
    { filter, after, before, take }: HistoryQuery,
    signal?: AbortSignal,
  ): Promise<HistoryPage> {
    return this.#reader.callUntil(signal, 'history', {
      filter,
      take,
      after: after === undefined ? undefined : this.resume(after).position,
      before: before === undefined ? undefined : this.resume(before).position,
      newest: this.#newest,
    });
  }

  count(filter: EventFilter, signal?: AbortSignal): Promise<number> {
    return this.#reader.callUntil(signal, 'count', filter, this.#newest);
  }

  cursorAt(position: Position): Cursor {
    return encodeCursor(this.#state.epoch, position);
  }

  resume(cursor: string): ResumePoint {
    return resumeFrom(this.#state, this.#newest, cursor);
  }

  async erase(
    target: ErasureTarget,
    observer: ErasureObserver,
    readersMs = READERS_MS,
  ): Promise<number> {
    // What was appended before may still wait to be written.
    await this.#commits.caughtUp();
    return eraseFromFile(this.#writer, this.#reader, target, this.#newest, observer, {
      settled: (state) => {
        this.#state = state;
      },
      readersMs,
    });
  }

  /** Lets go of everything that is beyond the limits, which happens by itself sooner or later. */
  async retain(own: Partial<Limits> = {}): Promise<void> {
    for (let isMore = true; isMore && !this.#isClosed; ) {
      const step = await this.#writer.call('retain', Date.now(), own);
      this.#state = step.state;
      isMore = step.isMore;
    }
  }

  /** Bounds the file, in pages of 4 KiB: what a full disk does, at will. */
  async limitPages(pages: number): Promise<void> {
    await this.#writer.call('limitPages', pages);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#retention[Symbol.dispose]();
    await this.#commits.drained();
    this.#listeners.clear();
    // Whatever the file is like: nothing may stay open. Who closes last empties the log.
    await Promise.allSettled([this.#reader.call('close')]);
    await Promise.allSettled([this.#writer.call('close')]);
    await Promise.all([this.#reader[Symbol.asyncDispose](), this.#writer[Symbol.asyncDispose]()]);
  }

  #tell(record: JournalRecord): void {
    this.#newest = record.position;
    this.#listeners.tell(record);
  }
}
