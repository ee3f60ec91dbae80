/** Some of the many that pass by: each of them with the same chance, and no more than so many. */
export class Sample<Value> {
  readonly #size: number;
  readonly #taken: Value[] = [];
  #passed = 0;

  constructor(size: number) {
    this.#size = size;
  }

  get taken(): readonly Value[] {
    return this.#taken;
  }

  add(values: readonly Value[]): void {
    for (const value of values) {
      this.#passed += 1;
      // https://en.wikipedia.org/wiki/Reservoir_sampling#Simple:_Algorithm_R
      const place =
        this.#taken.length < this.#size
          ? this.#taken.length
          : Math.floor(Math.random() * this.#passed);
      if (place < this.#size) this.#taken[place] = value;
    }
  }
}
