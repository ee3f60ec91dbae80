import type { Clock } from '@se5/core';

/** Goes only when somebody sleeps, and then at once. */
export class InstantClock implements Clock {
  readonly boot = undefined;
  #elapsed: number;
  /** The wall time of the instant 0. */
  originMs: number;

  constructor(elapsed = 0, originMs = 0) {
    this.#elapsed = elapsed;
    this.originMs = originMs;
  }

  now(): number {
    return this.originMs + this.#elapsed;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.pass(ms);
  }

  pass(ms: number): void {
    this.#elapsed += Math.max(ms, 0);
  }
}
