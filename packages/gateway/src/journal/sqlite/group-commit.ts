import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { BoxId } from '../../config/ids.ts';
import type { NotedTime } from '../../noted-time.ts';
import { entryBytes } from '../entry-bytes.ts';
import { settledBy } from '../gap.ts';
import type { AppendedRecord, JournalEntry, JournalRecord } from '../journal.ts';
import { asJournalError, type JournalError } from '../journal-error.ts';
import { type Appended, recordOf } from './appended.ts';
import { type Batch, type WaitingBounds, WaitingEntries } from './waiting-entries.ts';
import type { Settled } from './writer.ts';

/**
 * From one transaction to the next, in ms, unless it is full: each costs some pages of the log
 * whatever is in it. What comes after a pause waits for nothing.
 */
const GROUP_MS = 3;

export interface GroupCommitOptions {
  /** Writes one transaction; what became of each entry, in their order. */
  readonly write: (
    entries: readonly JournalEntry[],
    settled: Settled,
  ) => Promise<readonly Appended[]>;
  /** Told of each record that is written, before whoever appended it. */
  readonly written: (record: JournalRecord) => void;
  /** Told after each transaction of how many entries it had, and how many bytes by `entryBytes`. */
  readonly committed: (entries: number, bytes: number) => void;
  /** What is noted of boxes in the file. */
  readonly settled: Settled;
  readonly bounds?: WaitingBounds | undefined;
}

/**
 * What is appended and noted, in transactions of what came meanwhile: one at a time, in order.
 * A transaction that fails ends it: what waits behind fails too, and all that comes, until
 * `goOn`.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  readonly #settled: Map<BoxId, NotedTime>;
  /** Of these, what is not in the file yet. */
  #unwritten = new Map<BoxId, NotedTime>();
  readonly #waiting: WaitingEntries;
  #flushed: Promise<void> | undefined;
  #lastBatchAt = 0;
  /** Why nothing more is to be written. */
  #ending: JournalError | undefined;
  #failure: JournalError | undefined;
  #isHeld = false;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
    this.#settled = new Map(options.settled);
    this.#waiting = new WaitingEntries(options.bounds);
  }

  /** Why nothing is taken any more. */
  get failure(): JournalError | undefined {
    return this.#failure;
  }

  get settled(): Settled {
    return this.#settled;
  }

  /** Rejects with OVERLOADED when more wait than may; then the entry is not taken. */
  append(entry: JournalEntry): Promise<AppendedRecord> {
    const bytes = entryBytes(entry);
    const refusal = this.#failure ?? this.#waiting.refusal(bytes);
    if (refusal) return Promise.reject(refusal);
    const { promise } = this.#waiting.add(entry, bytes);
    const end = entry.kind === 'gap' && settledBy(entry.gap);
    if (end) this.#note(...end);
    this.#start();
    return promise;
  }

  settle(boxId: BoxId, to: NotedTime): void {
    if (this.#failure || this.#waiting.refusal(0)) return;
    this.#note(boxId, to);
    this.#start();
  }

  /**
   * Nothing more is written: what waits, and what comes, fails behind what is being written, in
   * order. Settles when that has happened. Never rejects.
   */
  async end(failure: JournalError): Promise<void> {
    this.#ending ??= failure;
    if (this.#flushed) await this.#flushed;
    else this.#abort(this.#ending);
  }

  /** The file can be written again soon: what comes is taken, and waits for `goOn` or `end`. */
  hold(): void {
    this.#isHeld = true;
    this.#ending = undefined;
    this.#failure = undefined;
  }

  /** The file can be written again. */
  goOn(): void {
    this.#isHeld = false;
    this.#ending = undefined;
    this.#failure = undefined;
    this.#start();
  }

  /** Settles when nothing waits. Never rejects. */
  async drained(): Promise<void> {
    await this.#flushed;
  }

  /** Settles when it is known what became of that which waits now. Never rejects. */
  async caughtUp(): Promise<void> {
    await Promise.allSettled(this.#waiting.all.map(({ promise }) => promise));
  }

  #start(): void {
    if (!this.#isHeld && this.#isOwing) this.#flushed ??= this.#flush();
  }

  /** Whether something is not in the file, and not on its way to it. */
  get #isOwing(): boolean {
    return this.#waiting.size > 0 || this.#unwritten.size > 0;
  }

  #note(boxId: BoxId, to: NotedTime): void {
    this.#settled.set(boxId, to);
    this.#unwritten.set(boxId, to);
  }

  /** Never rejects. */
  async #flush(): Promise<void> {
    while (!this.#ending && this.#isOwing) {
      const early = this.#lastBatchAt + GROUP_MS - performance.now();
      // What comes in the same turn goes into the same transaction in any case.
      if (early > 0 && !this.#waiting.hasFullBatch) await pause(Math.ceil(early));
      else await nextTurn();
      if (this.#ending) break;
      this.#lastBatchAt = performance.now();
      const batch = this.#waiting.takeBatch();
      try {
        const entries = batch.waiting.map(({ entry }) => entry);
        this.#commit(batch, await this.#options.write(entries, this.#takeUnwritten()));
      } catch (error) {
        this.#abort(error);
      }
    }
    if (this.#ending) this.#abort(this.#ending);
    this.#flushed = undefined;
  }

  /** Nothing while there are entries that stand before it. */
  #takeUnwritten(): Settled {
    const unwritten = this.#unwritten;
    if (this.#waiting.size > 0) return new Map();
    this.#unwritten = new Map();
    return unwritten;
  }

  #commit({ waiting, bytes }: Batch, results: readonly Appended[]): void {
    for (const [index, { entry, resolve, reject }] of waiting.entries()) {
      const record = recordOf(entry, results[index]);
      if (record instanceof Error) {
        reject(record);
        continue;
      }
      if (!record.isDuplicate) this.#options.written(record);
      resolve(record);
    }
    this.#waiting.done();
    this.#options.committed(waiting.length, bytes);
  }

  #abort(error: unknown): void {
    const failure = asJournalError(error);
    this.#failure = failure;
    this.#isHeld = false;
    this.#unwritten.clear();
    for (const { reject } of this.#waiting.clear()) reject(failure);
  }
}
