export interface SlotsQueue {
  /** Tasks that may wait for a slot. */
  readonly maxWaiting: number;
  /** Makes the error that `run` throws when no more may wait. */
  readonly refusal: () => Error;
}

/** At most so many tasks at a time; the others wait in the order in which they came. */
export class Slots {
  #free: number;
  readonly #queue: SlotsQueue | undefined;
  readonly #waiting: (() => void)[] = [];

  /** @param queue Default: all may wait, for callers that are few by themselves. */
  constructor(slots: number, queue?: SlotsQueue) {
    this.#free = slots;
    this.#queue = queue;
  }

  /** @throws what the task throws; the queue's refusal. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await this.#turn();
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }

  #turn(): Promise<void> {
    if (this.#queue && this.#waiting.length >= this.#queue.maxWaiting) throw this.#queue.refusal();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
