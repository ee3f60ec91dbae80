import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { BoxId } from '../../config/ids.ts';
import { GatewayError } from '../../errors.ts';
import { Listeners } from '../../listeners.ts';
import type { Thread } from '../../thread/thread.ts';
import { decodeCursor, type Epoch, encodeCursor } from '../cursor.ts';
import type { DurableJournal, Stretch } from '../durable-journal.ts';
import type { ErasureObserver, ErasureTarget } from '../erasure.ts';
import type { EventFilter } from '../filter.ts';
import { type Gap, settledBy } from '../gap.ts';
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
import { gapSince } from '../unavailable.ts';
import { Checkpoints } from './checkpoints.ts';
import { eraseFromFile } from './erase-from-file.ts';
import { openJournalThread } from './journal-thread.ts';
import type { ReaderMethods } from './reader-thread.ts';
import type { Limits } from './retention.ts';
import { type JournalState, resumeAt } from './state.ts';
import type { Appended } from './writer.ts';
import type { WriterMethods, WriterOptions } from './writer-thread.ts';

/** Entries of one transaction. */
const MAX_BATCH = 500;

/**
 * From one transaction to the next, in ms, unless it is full: each costs some pages of the log
 * whatever is in it. What comes after a pause waits for nothing.
 */
const GROUP_MS = 3;

/** Entries that may wait to be written: ten seconds of the heaviest traffic. About 100 MB. */
const MAX_WAITING = 100_000;

/** How often it is looked whether something is beyond the limits. */
const RETENTION_INTERVAL_MS = 1_000;

/** So long whoever reads the file may hold up an erasure, in ms. */
const READERS_MS = 30_000;

interface Waiting extends PromiseWithResolvers<AppendedRecord> {
  readonly entry: JournalEntry;
}

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

export class SqliteJournal implements DurableJournal {
  readonly #writer: Thread<WriterMethods>;
  readonly #reader: Thread<ReaderMethods>;
  readonly #listeners = new Listeners<JournalRecord>();
  readonly #retention: NodeJS.Timeout;
  readonly #checkpoints = new Checkpoints(() => this.#reader.call('checkpoint'));
  #state: JournalState;
  #reserved: Epoch | undefined;
  #newest: number;
  readonly #settled: Map<BoxId, number>;
  /** Of these, what is not in the file yet. */
  #unwritten = new Map<BoxId, number>();
  #waiting: Waiting[] = [];
  /** What is being written, or was last. */
  #batch: readonly Waiting[] = [];
  #flushed: Promise<void> | undefined;
  #lastBatchAt = 0;
  #failure: JournalError | undefined;
  #isRetaining = false;
  #isClosed = false;

  /** @internal */
  constructor(
    writer: Thread<WriterMethods>,
    reader: Thread<ReaderMethods>,
    { state, reserved, settled }: Awaited<ReturnType<WriterMethods['open']>>,
  ) {
    this.#reserved = reserved;
    this.#writer = writer;
    this.#reader = reader;
    this.#state = state;
    this.#newest = state.newest;
    this.#settled = new Map(settled);
    this.#retention = setInterval(() => void this.#retainQuietly(), RETENTION_INTERVAL_MS).unref();
  }

  get newest(): Position {
    return this.#newest as Position;
  }

  append(entry: JournalEntry): Promise<AppendedRecord> {
    const waiting: Waiting = { entry, ...Promise.withResolvers<AppendedRecord>() };
    const refusal = this.#refusal();
    if (refusal) {
      waiting.reject(refusal);
    } else {
      this.#waiting.push(waiting);
      const end = entry.kind === 'gap' && settledBy(entry.gap);
      if (end) this.settle(...end);
    }
    if (this.#waiting.length > 0) this.#flushed ??= this.#flush();
    return waiting.promise;
  }

  settle(boxId: BoxId, to: number): void {
    if (this.#refusal()) return;
    this.#settled.set(boxId, to);
    this.#unwritten.set(boxId, to);
    this.#flushed ??= this.#flush();
  }

  get reservedEpoch(): Epoch | undefined {
    return this.#reserved;
  }

  get settled(): ReadonlyMap<BoxId, number> {
    return this.#settled;
  }

  async restore(epoch: Epoch, stretch: Stretch): Promise<void> {
    await this.#flushed;
    // On a full disk it is the log that can't grow, and may not have to.
    if (this.#failure) await this.#checkpoints.now();
    const { state, reserved } = await this.#writer.call('restore', epoch, stretch);
    this.#state = state;
    this.#reserved = reserved;
    this.#newest = this.#state.newest;
    this.#failure = undefined;
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

  async history({ filter, after, before, take }: HistoryQuery): Promise<HistoryPage> {
    return this.#reader.call('history', {
      filter,
      take,
      after: after === undefined ? undefined : this.resume(after).position,
      before: before === undefined ? undefined : this.resume(before).position,
      newest: this.#newest,
    });
  }

  count(filter: EventFilter): Promise<number> {
    return this.#reader.call('count', filter, this.#newest);
  }

  cursorAt(position: Position): Cursor {
    return encodeCursor(this.#state.epoch, position);
  }

  resume(cursor: string): ResumePoint {
    const { epoch, position } = decodeCursor(cursor);
    if (this.#isKnown(epoch, position)) return resumeAt(this.#state, position);
    const lent = this.#state.lent.find(
      (span) => span.epoch === epoch && epoch !== this.#state.epoch,
    );
    if (lent && position > lent.last) {
      const known = resumeAt(this.#state, lent.last as Position);
      return { ...known, gap: known.gap ?? gapSince(null) };
    }
    const gap: Gap = { reason: 'UNKNOWN_CURSOR', from: null, to: null, boxId: null, count: null };
    return { position: this.#state.goneTo as Position, gap };
  }

  async erase(
    target: ErasureTarget,
    observer: ErasureObserver,
    readersMs = READERS_MS,
  ): Promise<number> {
    // What was appended before may still wait to be written.
    const waiting = [...this.#batch, ...this.#waiting];
    await Promise.allSettled(waiting.map(({ promise }) => promise));
    const [writer, reader] = [this.#writer, this.#reader];
    const erased = await eraseFromFile(writer, reader, target, this.#newest, observer, readersMs);
    this.#state = erased.state;
    return erased.events;
  }

  /** Lets go of everything that is beyond the limits, which happens by itself sooner or later. */
  async retain(own: Partial<Limits> = {}): Promise<void> {
    for (let isMore = true; isMore; ) {
      const step = await this.#writer.call('retain', Date.now(), own);
      this.#state = step.state;
      isMore = step.isMore && !this.#isClosed;
    }
  }

  /** Bounds the file, in pages of 4 KiB: what a full disk does, at will. */
  async limitPages(pages: number): Promise<void> {
    await this.#writer.call('limitPages', pages);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#retention);
    await this.#flushed;
    this.#listeners.clear();
    // Whatever the file is like: nothing may stay open. Who closes last empties the log.
    await Promise.allSettled([this.#reader.call('close')]);
    await Promise.allSettled([this.#writer.call('close')]);
    await Promise.all([this.#reader[Symbol.asyncDispose](), this.#writer[Symbol.asyncDispose]()]);
  }

  #refusal(): Error | undefined {
    if (this.#isClosed) return new GatewayError('SHUTTING_DOWN', 'the journal has been closed');
    if (this.#failure) return this.#failure;
    if (this.#waiting.length < MAX_WAITING) return undefined;
    return new JournalError('OVERLOADED', `${MAX_WAITING} entries wait for the journal's disk`);
  }

  /** Never rejects. */
  async #flush(): Promise<void> {
    while (this.#waiting.length > 0 || this.#unwritten.size > 0) {
      const early = this.#lastBatchAt + GROUP_MS - performance.now();
      // What comes in the same turn goes into the same transaction in any case.
      if (early > 0 && this.#waiting.length < MAX_BATCH) await pause(Math.ceil(early));
      else await nextTurn();
      this.#lastBatchAt = performance.now();
      const batch = this.#waiting.slice(0, MAX_BATCH);
      this.#waiting = this.#waiting.slice(MAX_BATCH);
      this.#batch = batch;
      try {
        const entries = batch.map(({ entry }) => entry);
        const settled = this.#takeUnwritten();
        this.#settle(batch, await this.#writer.call('append', entries, settled));
      } catch (error) {
        this.#fail(batch, error);
      }
    }
    this.#batch = [];
    this.#flushed = undefined;
  }

  /** Nothing while there are entries that stand before it. */
  #takeUnwritten(): ReadonlyMap<BoxId, number> {
    const unwritten = this.#unwritten;
    if (this.#waiting.length > 0) return new Map();
    this.#unwritten = new Map();
    return unwritten;
  }

  #settle(batch: readonly Waiting[], results: readonly Appended[]): void {
    for (const [index, { entry, resolve, reject }] of batch.entries()) {
      const result = results[index];
      if (typeof result === 'number') {
        const record: JournalRecord = { ...entry, position: result };
        this.#newest = result;
        this.#listeners.tell(record);
        resolve(record);
      } else if (result && 'position' in result) {
        resolve({ ...result, isDuplicate: true });
      } else {
        reject(new TypeError(`the journal can't keep an entry: ${result?.refused}`));
      }
    }
    this.#checkpoints.appended(batch.length);
  }

  #fail(batch: readonly Waiting[], error: unknown): void {
    const failure =
      error instanceof JournalError
        ? error
        : new JournalError('UNAVAILABLE', 'the journal failed', { cause: error });
    this.#failure = failure;
    const failed = [...batch, ...this.#waiting];
    this.#waiting = [];
    this.#unwritten.clear();
    for (const { reject } of failed) reject(failure);
  }

  async #retainQuietly(): Promise<void> {
    if (this.#isRetaining || this.#isClosed) return;
    this.#isRetaining = true;
    await this.retain().catch((error: unknown) => {
      // A file that can't be written shows at the next append; damage to what is old would not.
      if (error instanceof JournalError && error.code === 'DAMAGED') this.#failure = error;
    });
    this.#isRetaining = false;
  }

  #isKnown(epoch: Epoch, position: Position): boolean {
    if (position > this.#newest) return false;
    if (epoch === this.#state.epoch) return true;
    return this.#state.lent.some(
      (span) => span.epoch === epoch && span.first <= position && position <= span.last,
    );
  }
}
