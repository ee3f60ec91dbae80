/**
 * How often something was taken away from the holders of a permission class. What was handed out to
 * them under an older generation, such as the address of a picture, is no longer good.
 */
export class Generations {
  #all: number;
  readonly #byClass = new Map<string, number>();

  /** @param first The one that all classes begin with: another after what takes something away. */
  constructor(first: number) {
    this.#all = first;
  }

  of(classKey: string): number {
    return this.#all + (this.#byClass.get(classKey) ?? 0);
  }

  /** Only for classes of roles or tokens of the configuration: their number bounds the map. */
  grow(classKey: string): void {
    this.#byClass.set(classKey, (this.#byClass.get(classKey) ?? 0) + 1);
  }

  /** Where it is not known whose class is meant. */
  growAll(): void {
    this.#all += 1;
  }
}
