import { ClientQueues } from './client-queues.ts';

export interface SlotsQueue {
  /** Tasks that may wait for a slot. */
  readonly maxWaiting: number;
  /** Of these, tasks of one client. Default: all. */
  readonly maxWaitingPerClient?: number;
  /** Makes the error that `run` throws when no more may wait. */
  readonly refusal: () => Error;
}

export interface SlotsOptions {
  /** Tasks of one client that may run at a time. Default: all. */
  readonly perClient?: number;
  /** Default: all may wait, for callers that are few by themselves. */
  readonly queue?: SlotsQueue;
}

/** At most so many tasks at a time. The others wait; clients take turns, each with its tasks in order. */
export class Slots {
  #free: number;
  readonly #perClient: number;
  readonly #queue: SlotsQueue | undefined;
  /** Tasks of each client that run. */
  readonly #running = new Map<object, number>();
  readonly #waiting = new ClientQueues<() => void>();

  constructor(slots: number, { perClient = slots, queue }: SlotsOptions = {}) {
    this.#free = slots;
    this.#perClient = perClient;
    this.#queue = queue;
  }

  /**
   * @param signal takes a task that still waits out of the queue.
   * @param client Default: all who do not say count as one.
   * @throws what the task throws; the queue's refusal; the signal's reason.
   */
  async run<T>(task: () => Promise<T>, signal?: AbortSignal, client: object = this): Promise<T> {
    signal?.throwIfAborted();
    if (this.#free > 0 && this.#hasTurn(client)) this.#take(client);
    else await this.#turn(signal, client);
    try {
      return await task();
    } finally {
      this.#release(client);
    }
  }

  readonly #hasTurn = (client: object): boolean =>
    (this.#running.get(client) ?? 0) < this.#perClient;

  #take(client: object): void {
    this.#free -= 1;
    this.#running.set(client, (this.#running.get(client) ?? 0) + 1);
  }

  #release(client: object): void {
    this.#free += 1;
    const left = (this.#running.get(client) ?? 0) - 1;
    if (left > 0) this.#running.set(client, left);
    else this.#running.delete(client);
    this.#waiting.shift(this.#hasTurn)?.();
  }

  #admit(
    client: object,
    { maxWaiting, maxWaitingPerClient = maxWaiting, refusal }: SlotsQueue,
  ): void {
    const isFull = this.#waiting.size >= maxWaiting;
    if (isFull || this.#waiting.sizeOf(client) >= maxWaitingPerClient) throw refusal();
  }

  #turn(signal: AbortSignal | undefined, client: object): Promise<void> {
    if (this.#queue) this.#admit(client, this.#queue);
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(client, begin);
        reject(errorOf(signal?.reason));
      };
      const begin = () => {
        signal?.removeEventListener('abort', leave);
        this.#take(client);
        resolve();
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.push(client, begin);
    });
  }
}

const errorOf = (reason: unknown): Error =>
  reason instanceof Error ? reason : new Error('nobody waits for it any more');
