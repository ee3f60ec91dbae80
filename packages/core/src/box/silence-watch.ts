/** The longest delay that setTimeout takes; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Tells once when nothing has been heard for so long, and again after each new sound.
 * Hearing is the hot path: it notes the time, and the timer looks at it when it fires.
 */
export class SilenceWatch implements Disposable {
  readonly #silentAfterMs: number;
  readonly #silence: () => void;
  #heardAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(silentAfterMs: number, silence: () => void) {
    this.#silentAfterMs = silentAfterMs;
    this.#silence = silence;
  }

  heard(): void {
    this.#heardAt = performance.now();
    if (this.#timer === undefined) this.#arm(this.#silentAfterMs);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(ms: number): void {
    this.#timer = setTimeout(() => this.#check(), Math.min(ms, LONGEST_TIMER_MS));
  }

  #check(): void {
    this.#timer = undefined;
    const leftMs = this.#heardAt + this.#silentAfterMs - performance.now();
    if (leftMs > 0) this.#arm(leftMs);
    else this.#silence();
  }
}
