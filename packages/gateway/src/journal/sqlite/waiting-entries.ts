import type { AppendedRecord, JournalEntry } from '../journal.ts';
import { JournalError } from '../journal-error.ts';

/** One transaction. In bytes too: it is copied to the thread that writes, all of it at once. */
const BATCH_ENTRIES = 500;
const BATCH_BYTES = 4 * 1024 * 1024;

/** What may wait to be written, with what is being written. */
export interface WaitingBounds {
  /** Default 100,000: ten seconds of the heaviest traffic. */
  readonly maxEntries?: number;
  /** By `entryBytes`. Default 256 MiB: 100,000 ordinary entries take less. */
  readonly maxBytes?: number;
}

interface Waiting extends PromiseWithResolvers<AppendedRecord> {
  readonly entry: JournalEntry;
  readonly bytes: number;
}

/** The entries of one transaction, and their bytes together. */
export interface Batch {
  readonly waiting: readonly Waiting[];
  readonly bytes: number;
}

const NO_BATCH: Batch = { waiting: [], bytes: 0 };

/** Entries that wait for the disk, in their order, and those of them that are being written. */
export class WaitingEntries {
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  /** Being written. */
  #batch = NO_BATCH;

  constructor({ maxEntries = 100_000, maxBytes = 256 * 1024 * 1024 }: WaitingBounds = {}) {
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
  }

  /** How many wait for a batch to take them. */
  get size(): number {
    return this.#waiting.length;
  }

  get hasFullBatch(): boolean {
    return this.#waiting.length >= BATCH_ENTRIES || this.#waitingBytes >= BATCH_BYTES;
  }

  /** All, with those that are being written. */
  get all(): readonly Waiting[] {
    return [...this.#batch.waiting, ...this.#waiting];
  }

  /** Why so many bytes more may not wait. A single entry may, whatever its size. */
  refusal(bytes: number): JournalError | undefined {
    const entries = this.#batch.waiting.length + this.#waiting.length;
    const total = this.#batch.bytes + this.#waitingBytes + bytes;
    if (entries >= this.#maxEntries) return overloaded(`${this.#maxEntries} entries`);
    if (entries === 0 || total <= this.#maxBytes) return undefined;
    return overloaded(`${this.#maxBytes} bytes of entries`);
  }

  /** @param bytes of the entry, for which there is no `refusal`. */
  add(entry: JournalEntry, bytes: number): Waiting {
    const waiting = { entry, bytes, ...Promise.withResolvers<AppendedRecord>() };
    this.#waiting.push(waiting);
    this.#waitingBytes += bytes;
    return waiting;
  }

  /** The first that wait, as many as one transaction takes; they count until they are `done`. */
  takeBatch(): Batch {
    let bytes = 0;
    let count = 0;
    for (const waiting of this.#waiting) {
      if (count === BATCH_ENTRIES || (count > 0 && bytes + waiting.bytes > BATCH_BYTES)) break;
      bytes += waiting.bytes;
      count += 1;
    }
    this.#batch = { waiting: this.#waiting.slice(0, count), bytes };
    this.#waiting = this.#waiting.slice(count);
    this.#waitingBytes -= bytes;
    return this.#batch;
  }

  /** The batch is written. */
  done(): void {
    this.#batch = NO_BATCH;
  }

  /** Takes all out, those of the batch first. */
  clear(): readonly Waiting[] {
    const { all } = this;
    this.done();
    this.#waiting = [];
    this.#waitingBytes = 0;
    return all;
  }
}

const overloaded = (bound: string): JournalError =>
  new JournalError(
    'OVERLOADED',
    `${bound} wait for the journal's disk, which is the most allowed: the disk is too slow, or hangs`,
  );
