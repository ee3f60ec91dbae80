/** Bounds how much of something each client has; a client that has nothing is forgotten. */
export class ClientShares {
  readonly #limit: number;
  readonly #taken = new Map<string, number>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Clients that have something. */
  get size(): number {
    return this.#taken.size;
  }

  /** Of a client, by its address say; 0 for undefined, which stands for clients that are not counted. */
  taken(client: string | undefined): number {
    return client === undefined ? 0 : (this.#taken.get(client) ?? 0);
  }

  /** Given back by disposing; undefined when the client would have more than the limit. */
  acquire(client: string | undefined, amount = 1): Disposable | undefined {
    if (client === undefined) return NOT_COUNTED;
    if (this.taken(client) + amount > this.#limit) return undefined;
    return this.take(client, amount);
  }

  /** As `acquire`, whatever the limit. */
  take(client: string | undefined, amount: number): Disposable {
    if (client === undefined) return NOT_COUNTED;
    this.#taken.set(client, this.taken(client) + amount);
    return { [Symbol.dispose]: () => this.#release(client, amount) };
  }

  #release(client: string, amount: number): void {
    const left = this.taken(client) - amount;
    if (left > 0) this.#taken.set(client, left);
    else this.#taken.delete(client);
  }
}

const NOT_COUNTED: Disposable = { [Symbol.dispose]() {} };
