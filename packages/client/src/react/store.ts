/** Begins to keep a store up to date. @returns ends that. */
type Start = () => () => void;

/**
 * The value that a hook renders. It is kept up to date while somebody listens: the first listener
 * starts that, the last one ends it, and a later one starts it again with the value as it is.
 */
export class Store<T extends object> {
  /** The value before anything has come, which is what a server renders. */
  readonly initial: T;
  #value: T;
  readonly #start: Start;
  readonly #listeners = new Set<() => void>();
  #stop: (() => void) | undefined;

  constructor(initial: T, start: Start) {
    this.initial = initial;
    this.#value = initial;
    this.#start = start;
  }

  // What `useSyncExternalStore` takes, as it is.
  readonly getInitial = (): T => this.initial;
  readonly get = (): T => this.#value;
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#stop ??= this.#start();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#end();
    };
  };

  /** Changes some members. A value whose members all stay the same stays the same object. */
  patch(members: Partial<T>): void {
    const next = { ...this.#value, ...members };
    const names = Object.keys(next) as (keyof T)[];
    if (names.every((name) => Object.is(next[name], this.#value[name]))) return;
    this.#value = next;
    for (const listener of [...this.#listeners]) listener();
  }

  /** Starts again, if somebody listens. */
  restart(): void {
    if (this.#stop === undefined) return;
    this.#end();
    this.#stop = this.#start();
  }

  #end(): void {
    this.#stop?.();
    this.#stop = undefined;
  }
}
