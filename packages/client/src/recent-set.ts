/** The last `limit` values that were added. */
export class RecentSet {
  readonly #values = new Set<string>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether it was not there. A value that was keeps its age. */
  add(value: string): boolean {
    if (this.#values.has(value)) return false;
    this.#values.add(value);
    if (this.#values.size > this.#limit) {
      for (const oldest of this.#values) {
        this.#values.delete(oldest);
        break;
      }
    }
    return true;
  }
}
