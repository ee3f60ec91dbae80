import { ClientQueues } from './client-queues.ts';

export interface SlotsQueue {
  /** Tasks that may wait for a slot. */
  readonly maxWaiting: number;
  /** Makes the error that `run` throws when no more may wait. */
  readonly refusal: () => Error;
}

/** At most so many tasks at a time. The others wait; clients take turns, each with its tasks in order. */
export class Slots {
  #free: number;
  readonly #queue: SlotsQueue | undefined;
  readonly #waiting = new ClientQueues<() => void>();

  /** @param queue Default: all may wait, for callers that are few by themselves. */
  constructor(slots: number, queue?: SlotsQueue) {
    this.#free = slots;
    this.#queue = queue;
  }

  /**
   * @param signal takes a task that still waits out of the queue.
   * @param client Default: all who do not say count as one.
   * @throws what the task throws; the queue's refusal; the signal's reason.
   */
  async run<T>(task: () => Promise<T>, signal?: AbortSignal, client: object = this): Promise<T> {
    signal?.throwIfAborted();
    if (this.#free > 0) this.#free -= 1;
    else await this.#turn(signal, client);
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }

  #turn(signal: AbortSignal | undefined, client: object): Promise<void> {
    if (this.#queue && this.#waiting.size >= this.#queue.maxWaiting) throw this.#queue.refusal();
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(client, begin);
        reject(errorOf(signal?.reason));
      };
      const begin = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.push(client, begin);
    });
  }
}

const errorOf = (reason: unknown): Error =>
  reason instanceof Error ? reason : new Error('nobody waits for it any more');
