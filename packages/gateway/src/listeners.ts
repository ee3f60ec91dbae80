/** Who wants to be told of something, synchronously and in the order they asked. */
export class Listeners<T> {
  readonly #listeners = new Set<(value: T) => void>();

  /** The same function may be added several times; each addition is disposed of by itself. */
  add(listener: (value: T) => void): Disposable {
    const own = (value: T) => listener(value);
    this.#listeners.add(own);
    return { [Symbol.dispose]: () => void this.#listeners.delete(own) };
  }

  tell(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }

  clear(): void {
    this.#listeners.clear();
  }
}
