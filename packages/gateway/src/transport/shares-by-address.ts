/** Bounds how much of something each address has; an address that has nothing is forgotten. */
export class SharesByAddress {
  readonly #limit: number;
  readonly #taken = new Map<string, number>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Addresses that have something. */
  get size(): number {
    return this.#taken.size;
  }

  /** Of an address; 0 for undefined, which stands for clients that are not counted by address. */
  taken(address: string | undefined): number {
    return address === undefined ? 0 : (this.#taken.get(address) ?? 0);
  }

  /** Given back by disposing; undefined when the address would have more than the limit. */
  acquire(address: string | undefined, amount = 1): Disposable | undefined {
    if (address === undefined) return NOT_COUNTED;
    if (this.taken(address) + amount > this.#limit) return undefined;
    return this.take(address, amount);
  }

  /** As `acquire`, whatever the limit. */
  take(address: string | undefined, amount: number): Disposable {
    if (address === undefined) return NOT_COUNTED;
    this.#taken.set(address, this.taken(address) + amount);
    return { [Symbol.dispose]: () => this.#release(address, amount) };
  }

  #release(address: string, amount: number): void {
    const left = this.taken(address) - amount;
    if (left > 0) this.#taken.set(address, left);
    else this.#taken.delete(address);
  }
}

const NOT_COUNTED: Disposable = { [Symbol.dispose]() {} };
