/**
 * Who wants to be told of something, synchronously and in the order they asked. One that throws
 * disturbs neither whoever tells nor the others.
 */
export class Listeners<T> {
  readonly #listeners = new Set<(value: T) => void>();
  readonly #failed: (error: unknown, value: T) => void;

  /**
   * @param failed told of what a listener threw, and by which value; must not throw. Default: the
   *   error is thrown where nobody catches it, as Node does for an EventTarget.
   */
  constructor(failed: (error: unknown, value: T) => void = throwUncaught) {
    this.#failed = failed;
  }

  /** The same function may be added several times; each addition is disposed of by itself. */
  add(listener: (value: T) => void): Disposable {
    const own = (value: T) => listener(value);
    this.#listeners.add(own);
    return { [Symbol.dispose]: () => void this.#listeners.delete(own) };
  }

  tell(value: T): void {
    for (const listener of this.#listeners) {
      try {
        listener(value);
      } catch (error) {
        this.#failed(error, value);
      }
    }
  }

  clear(): void {
    this.#listeners.clear();
  }
}

function throwUncaught(error: unknown): void {
  process.nextTick(() => {
    throw error;
  });
}
