/** So much is appended between two checkpoints: entries, or transactions. About 64 MiB of log. */
const CHECKPOINT_ENTRIES = 40_000;
const CHECKPOINT_BATCHES = 1_500;

/** Has the write-ahead log brought into the file when it has grown, one checkpoint at a time. */
export class Checkpoints {
  readonly #checkpoint: () => Promise<unknown>;
  #entries = 0;
  #batches = 0;
  #isRunning = false;

  /** @param checkpoint One that fails is no loss: it is made up for when the log has grown to its bound. */
  constructor(checkpoint: () => Promise<unknown>) {
    this.#checkpoint = checkpoint;
  }

  /** So many entries came in one transaction. */
  appended(entries: number): void {
    this.#entries += entries;
    this.#batches += 1;
    if (this.#isRunning) return;
    if (this.#entries >= CHECKPOINT_ENTRIES || this.#batches >= CHECKPOINT_BATCHES) void this.now();
  }

  /** Never rejects. */
  async now(): Promise<void> {
    this.#entries = 0;
    this.#batches = 0;
    this.#isRunning = true;
    await Promise.allSettled([this.#checkpoint()]);
    this.#isRunning = false;
  }
}
