import type { Operation } from '../operation.ts';
import { addressOf } from './audience.ts';
import { Subscriber } from './subscriber.ts';

export interface ReunionOptions {
  readonly port: number;
  readonly clients: number;
  /** With the cursor that all of them come with. */
  readonly operation: Operation;
}

/** Clients that come back at the same moment, none of which waits for another. */
export class Reunion implements Disposable {
  readonly #counts: Uint32Array;
  readonly #clients: Subscriber[] = [];
  readonly #failure = Promise.withResolvers<never>();
  #due = Number.POSITIVE_INFINITY;
  #level = 0;
  #reached = Promise.withResolvers<void>();

  constructor({ port, clients, operation }: ReunionOptions) {
    this.#counts = new Uint32Array(clients);
    // Nobody may be waiting when it fails.
    this.#failure.promise.catch(() => undefined);
    for (let client = 0; client < clients; client += 1) {
      const subscriber = new Subscriber(
        { port, operation, localAddress: addressOf(client) },
        {
          arrived: (deliveries) => this.#arrived(client, deliveries),
          failed: (error) => this.#failure.reject(error),
        },
      );
      subscriber.subscribed.catch(() => undefined);
      this.#clients.push(subscriber);
    }
  }

  /** Settles when each has got so many events. @throws when one got more by then, or has failed. */
  async reach(due: number): Promise<void> {
    this.#due = due;
    this.#level = this.#counts.filter((count) => count >= due).length;
    this.#reached = Promise.withResolvers();
    if (this.#level === this.#counts.length) this.#reached.resolve();
    await Promise.race([this.#reached.promise, this.#failure.promise]);
  }

  /** @throws {Error} when anybody got more or less than so many. */
  check(expected: number): void {
    for (const [client, count] of this.#counts.entries()) {
      if (count === expected) continue;
      throw new Error(`client ${client} got ${count} events since its cursor, of ${expected}`);
    }
  }

  [Symbol.dispose](): void {
    for (const client of this.#clients) client[Symbol.dispose]();
  }

  #arrived(client: number, deliveries: number): void {
    const before = this.#counts[client] ?? 0;
    const now = before + deliveries;
    this.#counts[client] = now;
    if (before >= this.#due || now < this.#due) return;
    this.#level += 1;
    if (this.#level === this.#counts.length) this.#reached.resolve();
  }
}
