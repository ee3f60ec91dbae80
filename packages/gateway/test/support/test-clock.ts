import { type Clock, systemClock } from '@se5/core';

/**
 * A clock whose wall time can be set while its elapsed time goes on undisturbed, as when somebody
 * sets the clock of the machine. Elapsed time is the system's, and `pass` adds to it.
 */
export class TestClock implements Clock {
  /** Set when the machine is started anew. */
  boot = 'first';
  #aheadMs = 0;
  #passedMs = 0;
  readonly #sleeping = new Set<() => void>();
  #watches: { readonly ms: number; readonly seen: () => void }[] = [];

  now(): number {
    return systemClock.now() + this.#aheadMs + this.#passedMs;
  }

  elapsed(): number {
    return systemClock.elapsed() + this.#passedMs;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    for (const watch of this.#watches) if (ms >= watch.ms) watch.seen();
    const until = this.elapsed() + ms;
    for (let leftMs = ms; leftMs > 0; leftMs = until - this.elapsed()) {
      const woken = new AbortController();
      const wake = () => woken.abort();
      this.#sleeping.add(wake);
      const either = signal ? AbortSignal.any([signal, woken.signal]) : woken.signal;
      await systemClock.sleep(leftMs, either).catch((error: unknown) => {
        if (signal?.aborted) throw error;
      });
      this.#sleeping.delete(wake);
    }
  }

  /** Settles when somebody begins to sleep for at least so many ms. */
  async untilAsleep(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#watches.push({ ms, seen: resolve });
    await promise;
    this.#watches = this.#watches.filter(({ seen }) => seen !== resolve);
  }

  /** Somebody sets the wall clock forward by so many ms; back, when negative. */
  jump(ms: number): void {
    this.#aheadMs += ms;
  }

  /** So many ms pass at once, for wall time and elapsed time alike; sleepers wake. */
  pass(ms: number): void {
    this.#passedMs += ms;
    for (const wake of this.#sleeping) wake();
  }
}
