/** Promises that settle when a condition comes true, asked again whenever something changed. */
export class Waiters implements Disposable {
  readonly #waiting = new Set<() => void>();
  readonly #describe: () => string;
  readonly #disposed = new AbortController();

  /** `describe`: the state in words, for whoever waited in vain. */
  constructor(describe: () => string) {
    this.#describe = describe;
  }

  /** @throws {Error} when the signal aborts or the waiters are disposed first, or what the condition throws. */
  async until(condition: () => boolean, signal?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const check = (): void => {
      try {
        if (condition()) resolve();
      } catch (error) {
        reject(error);
      }
    };
    const given = AbortSignal.any([this.#disposed.signal, ...(signal ? [signal] : [])]);
    const fail = (): void =>
      reject(
        new Error(`What was waited for did not happen: ${this.#describe()}`, {
          cause: given.reason,
        }),
      );
    check();
    if (given.aborted) fail();
    this.#waiting.add(check);
    given.addEventListener('abort', fail);
    try {
      await promise;
    } finally {
      this.#waiting.delete(check);
      given.removeEventListener('abort', fail);
    }
  }

  changed(): void {
    for (const check of [...this.#waiting]) check();
  }

  [Symbol.dispose](): void {
    this.#disposed.abort(new Error('The simulator was closed'));
  }
}
