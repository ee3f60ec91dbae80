/** How often the clock is looked at, as a part of the time that is waited for. */
const LOOKS = 10;

/**
 * One time-out for any number of items, by one timer that runs only while some item waits: a
 * connection that has a timer of its own pays for it in memory, and in work when it is put off.
 */
export class SharedTimeout<Item> implements Disposable {
  readonly #afterMs: number;
  readonly #due: (item: Item) => void;
  /** When each began to wait; the first that began first. */
  readonly #since = new Map<Item, number>();
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param afterMs how long an item waits, in ms; found out up to a tenth of it later.
   * @param due told of an item that waits no longer; it may begin anew.
   */
  constructor(afterMs: number, due: (item: Item) => void) {
    this.#afterMs = afterMs;
    this.#due = due;
  }

  /** The item waits the whole time from now on. */
  start(item: Item): void {
    this.#since.delete(item);
    this.#since.set(item, performance.now());
    this.#timer ??= setInterval(() => this.#look(), this.#afterMs / LOOKS).unref();
  }

  cancel(item: Item): void {
    this.#since.delete(item);
  }

  [Symbol.dispose](): void {
    this.#since.clear();
    this.#stop();
  }

  #look(): void {
    const limit = performance.now() - this.#afterMs;
    for (const [item, since] of this.#since) {
      if (since > limit) return;
      this.#since.delete(item);
      this.#due(item);
    }
    if (this.#since.size === 0) this.#stop();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
