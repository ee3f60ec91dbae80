import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { BoxId } from '../../config/ids.ts';
import { settledBy } from '../gap.ts';
import type { AppendedRecord, JournalEntry, JournalRecord } from '../journal.ts';
import { JournalError } from '../journal-error.ts';
import type { Appended, Settled } from './writer.ts';

/** Entries of one transaction. */
const MAX_BATCH = 500;

/**
 * From one transaction to the next, in ms, unless it is full: each costs some pages of the log
 * whatever is in it. What comes after a pause waits for nothing.
 */
const GROUP_MS = 3;

/** Entries that may wait to be written: ten seconds of the heaviest traffic. About 100 MB. */
const MAX_WAITING = 100_000;

export interface GroupCommitOptions {
  /** Writes one transaction; what became of each entry, in their order. */
  readonly write: (
    entries: readonly JournalEntry[],
    settled: Settled,
  ) => Promise<readonly Appended[]>;
  /** Told of each record that is written, before whoever appended it. */
  readonly written: (record: JournalRecord) => void;
  /** Told after each transaction of how many entries it had. */
  readonly committed: (entries: number) => void;
  /** What is noted of boxes in the file. */
  readonly settled: Settled;
}

interface Waiting extends PromiseWithResolvers<AppendedRecord> {
  readonly entry: JournalEntry;
}

/**
 * What is appended and noted, in transactions of what came meanwhile: one at a time, in order.
 * A transaction that fails ends it: what waits behind fails too, and all that comes, until
 * `goOn`.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  readonly #settled: Map<BoxId, number>;
  /** Of these, what is not in the file yet. */
  #unwritten = new Map<BoxId, number>();
  #waiting: Waiting[] = [];
  /** What is being written, or was last. */
  #batch: readonly Waiting[] = [];
  #flushed: Promise<void> | undefined;
  #lastBatchAt = 0;
  /** Why nothing more is to be written. */
  #ending: JournalError | undefined;
  #failure: JournalError | undefined;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
    this.#settled = new Map(options.settled);
  }

  /** Why nothing is taken any more. */
  get failure(): JournalError | undefined {
    return this.#failure;
  }

  get settled(): Settled {
    return this.#settled;
  }

  append(entry: JournalEntry): Promise<AppendedRecord> {
    const refusal = this.#refusal();
    if (refusal) return Promise.reject(refusal);
    const waiting: Waiting = { entry, ...Promise.withResolvers<AppendedRecord>() };
    this.#waiting.push(waiting);
    const end = entry.kind === 'gap' && settledBy(entry.gap);
    if (end) this.settle(...end);
    this.#flushed ??= this.#flush();
    return waiting.promise;
  }

  settle(boxId: BoxId, to: number): void {
    if (this.#refusal()) return;
    this.#settled.set(boxId, to);
    this.#unwritten.set(boxId, to);
    this.#flushed ??= this.#flush();
  }

  /**
   * Nothing more is written: what waits, and what comes, fails behind what is being written, in
   * order. Settles when that has happened. Never rejects.
   */
  async end(failure: JournalError): Promise<void> {
    this.#ending ??= failure;
    if (this.#flushed) await this.#flushed;
    else this.#abort([], this.#ending);
  }

  /** The file can be written again. */
  goOn(): void {
    this.#ending = undefined;
    this.#failure = undefined;
  }

  /** Settles when nothing waits. Never rejects. */
  async drained(): Promise<void> {
    await this.#flushed;
  }

  /** Settles when it is known what became of that which waits now. Never rejects. */
  async caughtUp(): Promise<void> {
    const waiting = [...this.#batch, ...this.#waiting];
    await Promise.allSettled(waiting.map(({ promise }) => promise));
  }

  #refusal(): JournalError | undefined {
    if (this.#failure) return this.#failure;
    if (this.#waiting.length < MAX_WAITING) return undefined;
    return new JournalError('OVERLOADED', `${MAX_WAITING} entries wait for the journal's disk`);
  }

  /** Never rejects. */
  async #flush(): Promise<void> {
    while (!this.#ending && (this.#waiting.length > 0 || this.#unwritten.size > 0)) {
      const early = this.#lastBatchAt + GROUP_MS - performance.now();
      // What comes in the same turn goes into the same transaction in any case.
      if (early > 0 && this.#waiting.length < MAX_BATCH) await pause(Math.ceil(early));
      else await nextTurn();
      if (this.#ending) break;
      this.#lastBatchAt = performance.now();
      const batch = this.#waiting.slice(0, MAX_BATCH);
      this.#waiting = this.#waiting.slice(MAX_BATCH);
      this.#batch = batch;
      try {
        const entries = batch.map(({ entry }) => entry);
        this.#commit(batch, await this.#options.write(entries, this.#takeUnwritten()));
      } catch (error) {
        this.#abort(batch, error);
      }
    }
    if (this.#ending) this.#abort([], this.#ending);
    this.#batch = [];
    this.#flushed = undefined;
  }

  /** Nothing while there are entries that stand before it. */
  #takeUnwritten(): Settled {
    const unwritten = this.#unwritten;
    if (this.#waiting.length > 0) return new Map();
    this.#unwritten = new Map();
    return unwritten;
  }

  #commit(batch: readonly Waiting[], results: readonly Appended[]): void {
    for (const [index, { entry, resolve, reject }] of batch.entries()) {
      const result = results[index];
      if (typeof result === 'number') {
        const record: JournalRecord = { ...entry, position: result };
        this.#options.written(record);
        resolve(record);
      } else if (result && 'position' in result) {
        resolve({ ...result, isDuplicate: true });
      } else {
        reject(new TypeError(`the journal can't keep an entry: ${result?.refused}`));
      }
    }
    this.#options.committed(batch.length);
  }

  #abort(batch: readonly Waiting[], error: unknown): void {
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
}
