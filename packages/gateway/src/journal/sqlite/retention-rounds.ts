/** How often it is looked whether something is beyond the limits. */
const INTERVAL_MS = 1_000;

/** Has what is beyond the limits let go of, again and again, one round at a time. */
export class RetentionRounds implements Disposable {
  readonly #timer: NodeJS.Timeout;
  #isRunning = false;

  /**
   * @param round Lets go of all that is beyond the limits.
   * @param failed Told of what a round rejects with; the next one is tried all the same.
   */
  constructor(round: () => Promise<void>, failed: (error: unknown) => void) {
    const run = async () => {
      if (this.#isRunning) return;
      this.#isRunning = true;
      await round().catch(failed);
      this.#isRunning = false;
    };
    this.#timer = setInterval(() => void run(), INTERVAL_MS).unref();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
