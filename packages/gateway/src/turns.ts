import { ClientQueues } from './client-queues.ts';

/** How long work may go on in one turn of the event loop, in ms. */
const SLICE_MS = 3;

/** The turns of one client. */
export interface ClientTurns {
  /** Whether to wait for the `next` turn: the slice is used up, or others wait already. */
  readonly isSpent: boolean;
  /** Resolves when it is the client's turn, after what the client began to wait for before. */
  next(): Promise<void>;
}

/**
 * Lets long pieces of work go on together without holding up anything else: in each turn of the
 * event loop they have a slice of time. Those that wait are served one after the other until the
 * slice is used up; a newcomer waits behind them. Clients take turns: one that has much to do
 * delays itself.
 */
export class Turns {
  readonly #sliceMs: number;
  readonly #now: () => number;
  readonly #waiting = new ClientQueues<() => void>();
  /** When the slice of this turn began; undefined when nothing has asked for it yet. */
  #since: number | undefined;
  /** One that waited is at work: it does not wait for the others again before the slice is used up. */
  #isServing = false;

  /**
   * @param sliceMs Default 3.
   * @param now in ms, and only grows.
   */
  constructor(sliceMs = SLICE_MS, now: () => number = () => performance.now()) {
    this.#sliceMs = sliceMs;
    this.#now = now;
  }

  /** Whether to wait for the `next` turn: the slice is used up, or others wait already. */
  get isSpent(): boolean {
    return this.#isOver || (this.#waiting.size > 0 && !this.#isServing);
  }

  /**
   * Resolves when it is the client's turn, after what the client began to wait for before.
   *
   * @param client Default: all who do not say count as one.
   */
  next(client: object = this): Promise<void> {
    this.#begin();
    return new Promise((resolve) => this.#waiting.push(client, resolve));
  }

  /** The turns of one client, for work that need not know whose it is. */
  of(client: object): ClientTurns {
    const isSpent = () => this.isSpent;
    return {
      get isSpent() {
        return isSpent();
      },
      next: () => this.next(client),
    };
  }

  get #isOver(): boolean {
    return this.#now() - this.#begin() > this.#sliceMs;
  }

  #begin(): number {
    if (this.#since === undefined) {
      this.#since = this.#now();
      setImmediate(() => this.#turn());
    }
    return this.#since;
  }

  #turn(): void {
    this.#since = undefined;
    if (this.#waiting.size === 0) return;
    this.#begin();
    this.#serve();
  }

  /** Serves the next of those that wait and, when it has come to a stop, the one after it. */
  #serve(): void {
    this.#isServing = true;
    this.#waiting.shift()?.();
    // A tick that a microtask asks for comes when no microtask is left.
    queueMicrotask(() =>
      process.nextTick(() => {
        this.#isServing = false;
        if (this.#waiting.size > 0 && !this.#isOver) this.#serve();
      }),
    );
  }
}
