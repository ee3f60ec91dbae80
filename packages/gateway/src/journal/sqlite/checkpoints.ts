/**
 * So much is appended between two checkpoints: entries, transactions, or bytes by `entryBytes`.
 * About 64 MiB of log.
 */
const CHECKPOINT_ENTRIES = 40_000;
const CHECKPOINT_BATCHES = 1_500;
const CHECKPOINT_BYTES = 128 * 1024 * 1024;

/** Has the write-ahead log brought into the file when it has grown, one checkpoint at a time. */
export class Checkpoints {
  readonly #checkpoint: () => Promise<unknown>;
  #entries = 0;
  #bytes = 0;
  #batches = 0;
  #isRunning = false;

  /** @param checkpoint One that fails is no loss: it is made up for when the log has grown to its bound. */
  constructor(checkpoint: () => Promise<unknown>) {
    this.#checkpoint = checkpoint;
  }

  /** So many entries came in one transaction, with so many bytes. */
  appended(entries: number, bytes: number): void {
    this.#entries += entries;
    this.#bytes += bytes;
    this.#batches += 1;
    if (!this.#isRunning && this.#isDue) void this.now();
  }

  /** Never rejects. */
  async now(): Promise<void> {
    this.#entries = 0;
    this.#bytes = 0;
    this.#batches = 0;
    this.#isRunning = true;
    await Promise.allSettled([this.#checkpoint()]);
    this.#isRunning = false;
  }

  get #isDue(): boolean {
    return (
      this.#entries >= CHECKPOINT_ENTRIES ||
      this.#bytes >= CHECKPOINT_BYTES ||
      this.#batches >= CHECKPOINT_BATCHES
    );
  }
}
